"""`make run`: starts the whole site on one machine (Postgres, web server, worker, Stripe stand-in), and stops it.

All processes are children of this one. One that dies is started again; when this one ends, however it ends, the kernel
ends its children too.
"""

import argparse
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from urllib.parse import unquote

from devtools import defaults, postgres
from newsroom.paths import BASE_DIR, newsroom_home

# Varnish keeps these tags out of its shared memory log, and with them who asked for what. It is a quarter faster, too.
_NOT_LOGGED = """
SessOpen SessClose ReqStart ReqURL ReqHeader ReqUnset ReqMethod ReqProtocol RespHeader RespUnset RespProtocol RespReason
RespStatus VCL_call VCL_return VCL_use Hit Filters ReqAcct Begin End Link Timestamp Length
"""
NOT_LOGGED = ",".join(f"-{tag}" for tag in _NOT_LOGGED.split())
# The web server's arguments, as docs/operating.md names them for production. Each connection counts against the back
# pressure, also one that sends nothing: the default of 1,024 is one attacker's.
GRANIAN = ["--interface", "rsgi", "--http", "1", "--no-ws", "--backlog", "4096", "--backpressure", "10000"]
GRANIAN += ["--respawn-failed-workers", "newsroom.rsgi:application"]
START_TIMEOUT = 30.0  # seconds until the site must answer
STOP_TIMEOUT = 30.0  # seconds until a process that was told to end is killed


class Process:
    """One process of the site; its output goes to a file of its name under NEWSROOM_HOME/log/."""

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], *, orphan_signal: int = signal.SIGTERM
    ) -> None:
        """`orphan_signal` is what the kernel sends to it once its parent has died."""
        self.name = name
        self.command = command
        self.environment = environment
        self.log = newsroom_home() / "log" / f"{name}.log"
        self.orphan_signal = orphan_signal
        self.process: subprocess.Popen[bytes] | None = None
        self.retry_at = 0.0
        self.pause = 0.25

    def start(self) -> None:
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                cwd=BASE_DIR,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=partial(_end_with_parent, self.orphan_signal),
            )
        self.retry_at = time.monotonic() + self.pause

    def restart_if_ended(self) -> None:
        """Start it again if it ended. The pause before doubles up to 4 s, so that a broken one does not eat the CPU."""
        if self.process is None or self.process.poll() is None:
            return
        if time.monotonic() >= self.retry_at:
            print(f"{self.name} ended ({self.process.returncode}); starting it again. Its log: {self.log}", flush=True)
            self.pause = min(self.pause * 2, 4.0)
            self._end_group()
            self.start()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self) -> None:
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_TIMEOUT)
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        """Kill it and its own children: a web worker that outlives its parent would keep the port."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _end_with_parent(number: int) -> None:
    if sys.platform == "linux":  # other systems have no such call
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, number)


class Stopped(SystemExit):
    """SIGTERM, SIGHUP or Ctrl-C was received."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the site on 127.0.0.1.")
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
    parser.add_argument("--cached", action="store_true", help="with Varnish in front, as in production")
    arguments = parser.parse_args()
    port = _port(arguments.port)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    os.umask(0o077)  # sign-in codes in mail, logs and payments are readable by their owner alone
    with postgres.home_lock() as acquired:
        if not acquired:
            sys.exit(
                f"{newsroom_home()} is in use by another `make run` or `manage.py`: stop it, or set NEWSROOM_HOME."
            )
        _run(port, cached=arguments.cached)


def _run(port: int, *, cached: bool) -> None:
    server = None if os.environ.get("DATABASE_URL") else postgres.private_server()
    processes: list[Process] = []
    try:
        cache_ports = (defaults.application_port(port), defaults.purge_port(port)) if cached else ()
        for needed in (port, defaults.standin_port(port), *cache_ports):
            _require_free(needed)
        environment = _environment(port)
        if cached:
            purges = f"varnish://127.0.0.1:{defaults.purge_port(port)}"
            environment |= {"CACHE_PURGE_URL": purges, "TRUSTED_PROXIES": "1"}
        if server is not None:
            server.start()
            environment["DATABASE_URL"] = server.url
        if environment["STRIPE_SECRET_KEY"] == defaults.STANDIN_KEY:
            processes.append(_standin(port, environment))
            processes[0].start()  # the demo's supporters pay there
        _command(environment, "migrate", "--verbosity=0")
        _command(environment, "load_demo")
        if cached:
            command = varnish_command(
                newsroom_home() / "varnish",
                readers=port,
                purges=defaults.purge_port(port),
                application=defaults.application_port(port),
            )
            processes.append(Process("varnish", command, environment))
            processes[-1].start()
        for process in _web_and_worker(defaults.application_port(port) if cached else port, environment):
            processes.append(process)
            process.start()
        _wait_for(f"http://127.0.0.1:{port}/readyz", processes)
        print(_summary(environment), flush=True)
        while True:
            if server is not None and server.process is not None and server.process.poll() is not None:
                print("Postgres ended; starting it again.", flush=True)
                server.start()
            for process in processes:
                process.restart_if_ended()
            time.sleep(0.1)
    except Stopped:
        print("\nStopping …", flush=True)
    except RuntimeError as error:
        sys.exit(str(error))
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave processes behind
        for process in processes:
            process.stop()
        for process in processes:
            process.wait()
        if server is not None:
            server.stop()


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(0)


def _port(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    sys.exit(f"PORT must be a number from 1 to 65535, not “{text}”: make run PORT=8123")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            sys.exit(f"Port {port} needs more rights than this user has: make run PORT=8123")
        except OSError:
            sys.exit(f"Port {port} on 127.0.0.1 is taken: stop what uses it, or choose another: make run PORT=8123")


def _environment(port: int) -> dict[str, str]:
    """Return the environment of the processes: the caller's settings, and development's where there are none."""
    own = {name: value for name, value in os.environ.items() if value}
    return {
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "devtools.settings",
        **defaults.values(port),
        **own,
        "PORT": str(port),
        "NEWSROOM_HOME": str(newsroom_home()),
        "PYTHONUNBUFFERED": "1",
    }


def _command(environment: Mapping[str, str], *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        env=dict(environment),
        cwd=BASE_DIR,
        check=False,
        preexec_fn=partial(_end_with_parent, signal.SIGTERM),
    )
    if done.returncode:
        raise RuntimeError(f"`manage.py {' '.join(words)}` failed: what it printed stands above.")


def _standin(port: int, environment: Mapping[str, str]) -> Process:
    command = [sys.executable, "-m", "devtools.stripe_standin", "--port", str(defaults.standin_port(port))]
    command += ["--data", str(newsroom_home() / "stripe-standin")]
    command += ["--webhook-url", f"http://127.0.0.1:{port}/stripe/webhook/"]
    command += ["--webhook-secret", environment["STRIPE_WEBHOOK_SECRET"]]
    command += ["--secret-key", environment["STRIPE_SECRET_KEY"]]
    return Process("stripe-standin", command, environment)


def find_varnish() -> str | None:
    """Return the path of Varnish's daemon, or None where it is not installed."""
    return shutil.which("varnishd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def varnish_command(folder: Path, *, readers: int, purges: int, application: int) -> list[str]:
    """Return the command for a cache in front of the port `application`; all ports are of 127.0.0.1.

    Its rules and its memory log go to `folder`. Raises RuntimeError where Varnish is not installed.
    """
    program = find_varnish()
    if program is None:
        raise RuntimeError("This needs Varnish 7 with its vmods. On Debian: apt install varnish varnish-modules")
    folder.mkdir(exist_ok=True)
    address = f'.host = "127.0.0.1"; .port = "{application}"; .probe = ready;'
    (folder / "backend.vcl").write_text(f"backend application {{ {address} }}\n")
    rules = BASE_DIR / "deploy" / "varnish"
    command = [program, "-F", "-j", "none", "-T", "none", "-n", str(folder / "work"), "-s", "malloc,256m"]
    # What is being sent has a storage of its own, a small part of which each sender takes, however much they announce.
    command += ["-s", "requests=malloc,256m", "-p", "fetch_maxchunksize=64k"]
    command += ["-a", f"readers=127.0.0.1:{readers},HTTP", "-a", f"purges=127.0.0.1:{purges},HTTP"]
    command += ["-p", f"vsl_mask={NOT_LOGGED}"]
    return [*command, "-p", f"vcl_path={folder}:{rules}", "-f", str(rules / "newsroom.vcl")]


def _web_and_worker(port: int, environment: Mapping[str, str]) -> list[Process]:
    python = sys.executable
    web = [python, "-m", "granian", *GRANIAN, "--host", "127.0.0.1", "--port", str(port)]
    worker = [python, "manage.py", "procrastinate", "worker", "--shutdown-graceful-timeout", "10"]
    # SIGTERM would have the worker wait for ever for a database that is gone too.
    return [Process("web", web, environment), Process("worker", worker, environment, orphan_signal=signal.SIGKILL)]


def _wait_for(address: str, processes: list[Process]) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310  (always http on loopback)
            return
        for process in processes:
            if process.process is not None and process.process.poll() is not None:
                log_end = process.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{process.name} ended at once. The end of {process.log}:\n{log_end}")
        time.sleep(0.1)
    raise RuntimeError(f"The site does not answer at {address}: see {newsroom_home() / 'log'}")


def _summary(environment: Mapping[str, str]) -> str:
    site = environment["SITE_URL"]
    mail = unquote(environment["EMAIL_URL"].removeprefix("filemail:///"))
    emails = ", ".join(email.partition("@")[0] for email in defaults.PEOPLE)
    stripe = environment.get("STRIPE_API_BASE") or "the real Stripe"
    return f"""
  The outlet is open.

    Site     {site}/
    Admin    {site}/admin/
    People   {emails}
             each @example.org, password {defaults.PASSWORD}
    Mail     {mail}
    Stripe   {stripe}
    Data     {newsroom_home()}

  Ctrl-C stops it."""


if __name__ == "__main__":
    main()
