"""The WSGI application that the web server calls."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Remove the request's charset: everything is UTF-8.

    Django would believe it: `base64` fails before any of our code runs, others change how a query string is read, and
    the cache in front would store that page for everybody.
    """
    kind = environ.get("CONTENT_TYPE", "")
    environ["CONTENT_TYPE"] = re.sub(r";\s*charset\s*=[^;]*", "", kind, flags=re.IGNORECASE)
    return _django(environ, start_response)
