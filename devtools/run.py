"""`make run`: the whole outlet on one machine. Starts Postgres, web server, worker and Stripe stand-in; ends them all.

Every part is a child of this process. A part that dies is started again; when this process ends, however it ends, the
kernel ends the parts too.
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

# Of each request, Varnish does not write into its log's memory who asked, and for what: a quarter faster, too.
_NOT_LOGGED = """
SessOpen SessClose ReqStart ReqURL ReqHeader ReqUnset ReqMethod ReqProtocol RespHeader RespUnset RespProtocol RespReason
RespStatus VCL_call VCL_return VCL_use Hit Filters ReqAcct Begin End Link Timestamp Length
"""
NOT_LOGGED = ",".join(f"-{tag}" for tag in _NOT_LOGGED.split())
PATIENCE = 30.0  # seconds that a part may take to answer, or to end before it is killed


class Part:
    """One process of the site; its output goes to a file of its name under `log/`."""

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], *, orphaned: int = signal.SIGTERM
    ) -> None:
        """`orphaned`: the signal that the kernel sends it when this process has died."""
        self.name = name
        self.command = command
        self.environment = environment
        self.log = newsroom_home() / "log" / f"{name}.log"
        self.orphaned = orphaned
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
                preexec_fn=partial(_end_with_parent, self.orphaned),
            )
        self.retry_at = time.monotonic() + self.pause

    def keep_up(self) -> None:
        """Start it again if it ended; the pause doubles up to 4 s, so that a broken part does not eat the machine."""
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
            self.process.wait(PATIENCE)
        self._end_group()
        self.process.wait()

    def _end_group(self) -> None:
        """Kill it, if it has not ended, and what it had started itself: a web worker would keep the port."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _end_with_parent(number: int) -> None:
    if sys.platform == "linux":  # elsewhere there is no such wish
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, number)


class Stopped(SystemExit):
    """SIGTERM or Ctrl-C came."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the outlet on 127.0.0.1.")
    parser.add_argument("--port", default=os.environ.get("PORT", "8000"))
    parser.add_argument("--cached", action="store_true", help="with Varnish in front, as in production")
    arguments = parser.parse_args()
    port = _port(arguments.port)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    os.umask(0o077)  # mail with codes, logs, payments of the stand-in: for their owner alone
    with postgres.home_lock() as acquired:
        if not acquired:
            sys.exit(
                f"{newsroom_home()} is in use by another `make run` or `manage.py`: stop it, or set NEWSROOM_HOME."
            )
        _run(port, cached=arguments.cached)


def _run(port: int, *, cached: bool) -> None:
    server = None if os.environ.get("DATABASE_URL") else postgres.private_server()
    parts: list[Part] = []
    try:
        of_cache = (defaults.application_port(port), defaults.purge_port(port)) if cached else ()
        for wanted in (port, defaults.standin_port(port), *of_cache):
            _require_free(wanted)
        environment = _environment(port)
        if cached:
            purges = f"varnish://127.0.0.1:{defaults.purge_port(port)}"
            environment |= {"CACHE_PURGE_URL": purges, "TRUSTED_PROXIES": "1"}
        if server is not None:
            server.start()
            environment["DATABASE_URL"] = server.url
        if environment["STRIPE_SECRET_KEY"] == defaults.STANDIN_KEY:
            parts.append(_standin(port, environment))
            parts[0].start()  # the demo's supporters pay there
        _command(environment, "migrate", "--verbosity=0")
        _command(environment, "load_demo")
        if cached:
            command = varnish(
                newsroom_home() / "varnish",
                readers=port,
                purges=defaults.purge_port(port),
                application=defaults.application_port(port),
            )
            parts.append(Part("varnish", command, environment))
            parts[-1].start()
        for part in _web_and_worker(defaults.application_port(port) if cached else port, environment):
            parts.append(part)
            part.start()
        _wait_for(f"http://127.0.0.1:{port}/readyz", parts)
        print(_screen(environment), flush=True)
        while True:
            if server is not None and server.process is not None and server.process.poll() is not None:
                print("Postgres ended; starting it again.", flush=True)
                server.start()
            for part in parts:
                part.keep_up()
            time.sleep(0.1)
    except Stopped:
        print("\nStopping …", flush=True)
    except RuntimeError as error:
        sys.exit(str(error))
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave processes behind
        for part in parts:
            part.stop()
        for part in parts:
            part.wait()
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
    """What the parts are told: the caller's own settings, with those of development where there are none."""
    given = {name: value for name, value in os.environ.items() if value}
    return {
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "devtools.settings",
        **defaults.values(port),
        **given,
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


def _standin(port: int, environment: Mapping[str, str]) -> Part:
    command = [sys.executable, "-m", "devtools.stripe_standin", "--port", str(defaults.standin_port(port))]
    command += ["--data", str(newsroom_home() / "stripe-standin")]
    command += ["--webhook-url", f"http://127.0.0.1:{port}/stripe/webhook/"]
    command += ["--webhook-secret", environment["STRIPE_WEBHOOK_SECRET"]]
    command += ["--secret-key", environment["STRIPE_SECRET_KEY"]]
    return Part("stripe-standin", command, environment)


def find_varnish() -> str | None:
    """The path of Varnish's daemon, None if there is none."""
    return shutil.which("varnishd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def varnish(folder: Path, *, readers: int, purges: int, application: int) -> list[str]:
    """The command for the cache in front of what listens on `application` (all ports of 127.0.0.1), with its data in
    `folder`. Raises RuntimeError where Varnish is not installed.
    """
    program = find_varnish()
    if program is None:
        raise RuntimeError("This needs Varnish 7 with its vmods. On Debian: apt install varnish varnish-modules")
    folder.mkdir(exist_ok=True)
    address = f'.host = "127.0.0.1"; .port = "{application}"; .probe = ready;'
    (folder / "backend.vcl").write_text(f"backend application {{ {address} }}\n")
    rules = BASE_DIR / "deploy" / "varnish"
    command = [program, "-F", "-j", "none", "-T", "none", "-n", str(folder / "work"), "-s", "malloc,256m"]
    command += ["-a", f"readers=127.0.0.1:{readers},HTTP", "-a", f"purges=127.0.0.1:{purges},HTTP"]
    command += ["-p", f"vsl_mask={NOT_LOGGED}"]
    return [*command, "-p", f"vcl_path={folder}:{rules}", "-f", str(rules / "newsroom.vcl")]


def _web_and_worker(port: int, environment: Mapping[str, str]) -> list[Part]:
    python = sys.executable
    web = [python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--workers", "1", "--blocking-threads", "8", "--respawn-failed-workers", "--no-ws"]
    web += ["newsroom.wsgi:application"]
    worker = [python, "manage.py", "procrastinate", "worker", "--shutdown-graceful-timeout", "10"]
    # Without a database, which is gone too when this process was killed, the worker would wait for it for ever.
    return [Part("web", web, environment), Part("worker", worker, environment, orphaned=signal.SIGKILL)]


def _wait_for(address: str, parts: list[Part]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2):  # noqa: S310  (always http on loopback)
            return
        for part in parts:
            if part.process is not None and part.process.poll() is not None:
                last_words = part.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{part.name} ended at once. The end of {part.log}:\n{last_words}")
        time.sleep(0.1)
    raise RuntimeError(f"The site does not answer at {address}: see {newsroom_home() / 'log'}")


def _screen(environment: Mapping[str, str]) -> str:
    site = environment["SITE_URL"]
    mail = unquote(environment["EMAIL_URL"].removeprefix("filemail:///"))
    people = ", ".join(email.partition("@")[0] for email in defaults.PEOPLE)
    money = environment.get("STRIPE_API_BASE") or "Stripe itself"
    return f"""
  The outlet is open.

    Site     {site}/
    Admin    {site}/admin/
    People   {people}
             each @example.org, password {defaults.PASSWORD}
    Mail     {mail}
    Stripe   {money}
    Data     {newsroom_home()}

  Ctrl-C stops it."""


if __name__ == "__main__":
    main()
