"""Settings for tests: a private Postgres and the Stripe stand-in, both started by fixtures."""

import os
import socket
import tempfile

from devtools.defaults import STANDIN_KEY
from devtools.postgres import private_server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


os.environ.pop("DEBUG", None)
os.environ |= {
    "NEWSROOM_HOME": tempfile.mkdtemp(prefix="newsroom-tests-"),
    "SECRET_KEY": "tests",
    "SITE_URL": "http://testserver",
    "EMAIL_URL": "memorymail://",
    "STRIPE_SECRET_KEY": STANDIN_KEY,
    "STRIPE_WEBHOOK_SECRET": "whsec_tests",
    "STRIPE_API_BASE": f"http://127.0.0.1:{_free_port()}",
}
HAS_PRIVATE_DATABASE = not os.environ.get("DATABASE_URL")
if HAS_PRIVATE_DATABASE:
    os.environ["DATABASE_URL"] = private_server().url

from newsroom.settings import *  # noqa: E402, F403

if HAS_PRIVATE_DATABASE:
    del os.environ["DATABASE_URL"]  # or processes that this one starts would inherit it

INSTALLED_APPS += ["devtools"]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
STATIC_ROOT = NEWSROOM_HOME / "static"  # noqa: F405
STATIC_ROOT.mkdir()
