"""Helpers for tests of concurrent work, each part in a thread and a connection of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from django.db import connection


def closing(work: Callable[[], Any]) -> Any:
    """Run the work in a thread, and close the thread's connection: nobody else would."""
    try:
        return work()
    finally:
        connection.close()


def all_at_once(work: Callable[[], Any], threads: int) -> list[Any]:
    """Do the same in several threads at the same time; return their results, exceptions included."""
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
    """Return when all of them wait for a lock that this connection holds, or one is done."""
    while _waiting() < len(begun) and not any(work.done() for work in begun):
        pass


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])
