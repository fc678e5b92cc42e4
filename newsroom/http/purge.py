"""Purges pages from the cache in front, the moment that something they show has changed.

`CACHE_PURGE_URL` names that cache: `varnish://host:port` (deploy/varnish) or `fastly://<token>@<service>`. If it is
empty there is none: no response allows a shared cache to store it, and nothing here does anything.
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
PURGE_PRIORITY = 10  # other tasks have 0
TIMEOUT = 2.0  # seconds; somebody who has pressed a button waits for it


class CacheUnreachable(Exception):
    """The cache did not respond, or with an error."""


def purge_on_commit(*keys: str, soon: bool = False) -> None:
    """Purge all pages with one of these surrogate keys once the present transaction has committed.

    That is done at once, and again by a task, which is saved in the same transaction: a killed process or a cache that
    is down delays a purge but never loses it. With `soon`, the cache may serve each page once more while it fetches a
    new one: for changes that may be seen a minute late.
    """
    if not settings.CACHE_PURGE_URL or not keys:
        return
    unique: list[Any] = sorted(set(keys))
    app.configure_task(PURGE, priority=PURGE_PRIORITY).defer(keys=unique, soon=soon)
    transaction.on_commit(partial(_try_purge, unique, soon=soon))


def send_purge(keys: list[str], *, soon: bool = False) -> None:
    """Have the cache purge (or, with `soon`, revalidate) all pages with one of these keys. Raises CacheUnreachable."""
    cache = urlsplit(settings.CACHE_PURGE_URL)
    connection: HTTPConnection
    request: tuple[str, str, str | None, dict[str, str]]
    if cache.scheme == "fastly":
        connection = HTTPSConnection("api.fastly.com", timeout=TIMEOUT)
        service = cache.netloc.rpartition("@")[2]  # not `hostname`, which is lowercased
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
        raise CacheUnreachable(f"The cache does not respond: {error}") from error
    finally:
        connection.close()
    if status != 200:
        raise CacheUnreachable(f"The cache responds to a purge with {status}.")


def _try_purge(keys: list[str], *, soon: bool) -> None:
    """Purge now; if that fails, the task does it."""
    with suppress(CacheUnreachable):
        send_purge(keys, soon=soon)
