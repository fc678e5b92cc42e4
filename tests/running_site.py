"""The whole site as `make run` starts it, for tests that need it running."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from devtools.defaults import application_port, purge_port, standin_port
from newsroom.paths import BASE_DIR

OPEN = "The outlet is open."


def free_port() -> int:
    """Return a port that is free together with those derived from it: stand-in, application, purges."""
    while True:
        with contextlib.ExitStack() as stack:
            site = stack.enter_context(socket.socket())
            site.bind(("127.0.0.1", 0))
            port = int(site.getsockname()[1])
            try:
                for derived in (standin_port, application_port, purge_port):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", derived(port)))
            except OSError:
                continue
            return port


class Site:
    """A `make run`, or `make run-cached`, in a folder of its own."""

    def __init__(self, home: Path, port: int | None = None, *, cached: bool = False) -> None:
        self.home = home
        self.cached = cached
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.output = home.parent / f"{home.name}.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it without waiting for it."""
        names = ("PATH", "HOME", "LANG", "SSL_CERT_FILE")
        environment = {name: os.environ[name] for name in names if name in os.environ}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "devtools.run",
                    "--port",
                    str(self.port),
                    *(["--cached"] if self.cached else []),
                ],
                cwd=BASE_DIR,
                # SPT_NOENV: granian renames its processes if setproctitle is installed, as it is with mutmut, and that
                # would overwrite the environment by which `processes` finds them.
                env={**environment, "NEWSROOM_HOME": str(self.home), "SPT_NOENV": "1"},
                stdout=output,
                stderr=output,
            )
        return self.process

    def start(self) -> None:
        """Start it, and return once it serves requests."""
        process = self.launch()
        deadline = time.monotonic() + 120
        while OPEN not in self.said():
            assert process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return self.output.read_text()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it by a signal; return the exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)

    def answers(self, path: str = "/") -> bool:
        try:
            with urllib.request.urlopen(self.address + path, timeout=3) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def page(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=30) as response:
            return str(response.read().decode())

    def processes(self) -> dict[int, str]:
        """Return the command lines by pid of all processes that name its folder, or have it in their environment."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdecimal() or int(folder.name) == os.getpid():
                continue
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environment = (folder / "environ").read_bytes()
            except OSError:
                continue
            if str(self.home) in command or f"NEWSROOM_HOME={self.home}\0".encode() in environment:
                found[int(folder.name)] = command
        return found

    def pids(self, words: str) -> list[int]:
        """Return the pids of its processes whose command line has these words, in order."""
        return sorted(pid for pid, command in self.processes().items() if words in command)

    def mail(self) -> list[str]:
        """Return the text of every mail sent so far, the oldest first."""
        folder = self.home / "mail"
        files = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime) if folder.exists() else []
        return [file.read_text() for file in files]


def wait_until(condition: object, what: str, seconds: float = 10.0) -> None:
    """Return as soon as `condition()` is true; fail with `what` if that takes longer."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"Not within {seconds} s: {what}"
        time.sleep(0.05)
