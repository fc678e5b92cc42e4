"""Dropping pages from the cache that stands in front, the moment that something they show has changed.

`CACHE_PURGE_URL` says which cache that is: `varnish://host:port` (deploy/varnish), `fastly://<token>@<service>`; or it
is empty: there is none, no answer says that it may be kept, and nothing here does anything.
"""

import json
from contextlib import suppress
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

PURGE = "newsroom.tasks.purge"  # by name: the task stands above this module
BEFORE_ALL_ELSE = 10  # a task's priority; others have 0
TIMEOUT = 2.0  # seconds that a person who has pressed a button waits for the cache, at most


class CacheUnreachable(Exception):
    """The cache did not answer, or not as it should."""


def purge_on_commit(*keys: str, soon: bool = False) -> None:
    """What has these surrogate keys (newsroom/http/cache_headers.py) changes with the present transaction.

    Once it has committed, the pages that show it are dropped, at once and by a task: the task is kept with the change
    itself, so that a killed process or a cache that is away delays a purge, and never loses it. With `soon`, each page
    may be shown once more while it is asked for anew: for what nobody calls wrong when it is a minute old.
    """
    if not settings.CACHE_PURGE_URL or not keys:
        return
    wanted: list[Any] = sorted(set(keys))
    app.configure_task(PURGE, priority=BEFORE_ALL_ELSE).defer(keys=wanted, soon=soon)
    transaction.on_commit(partial(_try, wanted, soon=soon))


def send_purge(keys: list[str], *, soon: bool = False) -> None:
    """Have the cache drop (or, with `soon`, ask anew for) all pages with one of these keys. Raises Unreachable."""
    cache = urlsplit(settings.CACHE_PURGE_URL)
    connection: HTTPConnection
    request: tuple[str, str, str | None, dict[str, str]]
    if cache.scheme == "fastly":
        connection = HTTPSConnection("api.fastly.com", timeout=TIMEOUT)
        service = cache.netloc.rpartition("@")[2]  # as it is written: `hostname` is in small letters
        headers = {"Fastly-Key": cache.username or "", "Content-Type": "application/json"}
        headers |= {"Fastly-Soft-Purge": "1"} if soon else {}
        request = ("POST", f"/service/{service}/purge", json.dumps({"surrogate_keys": keys}), headers)
    else:
        connection = HTTPConnection(cache.hostname or "", cache.port or 80, timeout=TIMEOUT)
        request = ("PURGE", "/", None, {"Surrogate-Key": " ".join(keys), "Soft": "1" if soon else "0"})
    try:
        connection.request(*request)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise CacheUnreachable(f"The cache does not answer: {error}") from error
    finally:
        connection.close()
    if status != 200:
        raise CacheUnreachable(f"The cache answers {status} to a purge.")


def _try(keys: list[str], *, soon: bool) -> None:
    """What fails now is done by the task."""
    with suppress(CacheUnreachable):
        send_purge(keys, soon=soon)
