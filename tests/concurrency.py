"""For tests of what happens in the same moment, each part in a thread and a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from django.db import connection


def closing(work: Callable[[], Any]) -> Any:
    """For a thread: nobody else would close its connection."""
    try:
        return work()
    finally:
        connection.close()


def all_at_once(work: Callable[[], Any], threads: int) -> list[Any]:
    """What several threads get that do the same at the same time; an exception is what one got too."""
    results: list[Any] = []
    barrier = threading.Barrier(threads)

    def run() -> None:
        barrier.wait()
        try:
            results.append(closing(work))
        except Exception as error:
            results.append(error)

    started = [threading.Thread(target=run) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join(30)
    return results


def until_waiting(*begun: Future[Any]) -> None:
    """Return when all of them wait for what this connection holds, or one is done without."""
    while _waiting() < len(begun) and not any(work.done() for work in begun):
        pass


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
