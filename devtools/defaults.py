"""Values for the settings that production must be given: a private Postgres, the Stripe stand-in, keys made once."""

import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from devtools.postgres import private_server
from newsroom.paths import newsroom_home

# The key that the Stripe stand-in takes, and by which everything knows that no money moves.
STANDIN_KEY = "sk_test_standin"

# The demo people, (name, group) by address: `make run` shows them, `load_demo` makes them, `check --deploy` finds them.
PASSWORD = "newsroom-demo"  # noqa: S105  (everybody is to know it)
PEOPLE = {
    "reporter@example.org": ("Rubiya Lone", "Reporter"),
    "editor@example.org": ("Tariq Wani", "Editor"),
    "moderator@example.org": ("Mehak Dar", "Moderator"),
    "publisher@example.org": ("Yusuf Mir", "Publisher"),
    "reader@example.org": ("Asma Khan", ""),
    "subscriber@example.org": ("Bilal Bhat", ""),
}


def fill() -> None:
    """Set each of these values in the environment where it is missing or empty."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal():
        sys.exit(f"PORT must be a number, not {port}")
    for name, value in {"DEBUG": "true", "DATABASE_URL": private_server().url, **values(int(port))}.items():
        if not os.environ.get(name):
            os.environ[name] = value


def values(port: int) -> dict[str, str]:
    """Values for a site on 127.0.0.1:`port` with the Stripe stand-in beside it; keys are made once and kept."""
    home = newsroom_home()
    values = {
        "SECRET_KEY": _kept_secret(home / "secret_key"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "EMAIL_URL": f"filemail:///{quote(str(home))}/mail",
    }
    if not os.environ.get("STRIPE_SECRET_KEY"):
        values |= {
            "STRIPE_SECRET_KEY": STANDIN_KEY,
            "STRIPE_WEBHOOK_SECRET": "whsec_" + _kept_secret(home / "stripe_webhook_secret"),
            "STRIPE_API_BASE": f"http://127.0.0.1:{standin_port(port)}",
        }
    return values


def standin_port(port: int) -> int:
    """Where the Stripe stand-in listens, beside a site on `port`."""
    return _beside(port, 10_000)


def application_port(port: int) -> int:
    """Where the application listens, when Varnish has the site's port."""
    return _beside(port, 20_000)


def purge_port(port: int) -> int:
    """Where Varnish takes purges then."""
    return _beside(port, 30_000)


def _beside(port: int, distance: int) -> int:
    """Ten thousands above (or below) the site's, so that sites on neighbouring ports do not meet."""
    return port + distance if port + distance <= 65535 else port - distance


def _kept_secret(path: Path) -> str:
    with suppress(FileNotFoundError):
        return path.read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(draft, path)  # whoever comes second takes the first one's
    draft.unlink()
    return path.read_text()
