"""Development's values for the settings that production must be given, and the demo's people."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from devtools.postgres import private_server
from newsroom.paths import newsroom_home

# The only key that the Stripe stand-in accepts. With it, no money moves.
STANDIN_KEY = "sk_test_standin"

# The demo's people, (name, group) by address. `make run` prints them, `load_demo` creates them.
PASSWORD = "newsroom-demo"  # noqa: S105  (public on purpose)
PEOPLE = {
    "reporter@example.org": ("Rubiya Lone", "Reporter"),
    "editor@example.org": ("Tariq Wani", "Editor"),
    "moderator@example.org": ("Mehak Dar", "Moderator"),
    "publisher@example.org": ("Yusuf Mir", "Publisher"),
    "reader@example.org": ("Asma Khan", ""),
    "subscriber@example.org": ("Bilal Bhat", ""),
}


def set_environment() -> None:
    """Set every value that the environment lacks or has empty. Exits in one line where PORT is no number."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 1 <= int(port) <= 65535:
        sys.exit(f"PORT must be a number from 1 to 65535, not “{port}”")
    for name, value in {"DEBUG": "true", "DATABASE_URL": private_server().url, **values(int(port))}.items():
        if not os.environ.get(name):
            os.environ[name] = value


def values(port: int) -> dict[str, str]:
    """Return settings for a site on 127.0.0.1:`port`, with keys that are generated once per NEWSROOM_HOME.

    The Stripe stand-in is used unless the environment has a key of Stripe's own.
    """
    home = newsroom_home()
    values = {
        "SECRET_KEY": _stored_secret(home / "secret_key"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"filemail:///{quote(str(home))}/mail",
    }
    if not os.environ.get("STRIPE_SECRET_KEY"):
        values |= {
            "STRIPE_SECRET_KEY": STANDIN_KEY,
            "STRIPE_WEBHOOK_SECRET": "whsec_" + _stored_secret(home / "stripe_webhook_secret"),
            "STRIPE_API_BASE": f"http://127.0.0.1:{standin_port(port)}",
        }
    return values


def standin_port(port: int) -> int:
    """Return the port of the Stripe stand-in for a site on `port`."""
    return _offset(port, 10_000)


def application_port(port: int) -> int:
    """Return the port of the application where Varnish has the site's port."""
    return _offset(port, 20_000)


def purge_port(port: int) -> int:
    """Return the port where Varnish accepts purges."""
    return _offset(port, 30_000)


def _offset(port: int, distance: int) -> int:
    """Return the port `distance` above (or below) the site's; tens of thousands keep neighbouring sites apart."""
    return port + distance if port + distance <= 65535 else port - distance


def _stored_secret(path: Path) -> str:
    """Return the secret in this file; generate it the first time."""
    with suppress(FileNotFoundError):
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(draft, path)  # of two processes, the first to link wins
    draft.unlink()
    return path.read_text()
