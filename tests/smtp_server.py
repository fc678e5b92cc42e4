"""A small SMTP server on this machine, which takes mails, refuses them, or hangs up, as a test says."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message


class SmtpServer(socketserver.ThreadingTCPServer):
    """What came in stands in `messages`.

    `replies` has what to say in place of "250 OK" to lines that begin so, like {"RCPT": "550 No such person"}.
    With `hangs_up` it takes a mail and closes the connection without an answer.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[Message] = []
        self.replies: dict[str, str] = {}
        self.hangs_up = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def message_ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]


class _Session(socketserver.StreamRequestHandler):
    server: SmtpServer

    def handle(self) -> None:
        self._say("220 tests")
        while line := self.rfile.readline().decode().strip():
            command = line.upper().split(maxsplit=1)[0]
            if command == "QUIT":
                self._say("221 Bye")
                return
            if command != "DATA":
                replies = self.server.replies.items()
                self._say(next((reply for start, reply in replies if line.upper().startswith(start.upper())), "250 OK"))
                continue
            self._say("354 Go on")
            lines = []
            while (text := self.rfile.readline()) != b".\r\n":
                lines.append(text.removeprefix(b"."))
            reply = self.server.replies.get("DATA", "250 OK")
            if reply.startswith("2"):
                self.server.messages.append(email.message_from_bytes(b"".join(lines)))
            if self.server.hangs_up:
                return
            self._say(reply)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running_smtp_server() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
