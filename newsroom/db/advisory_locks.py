"""Locks by name in the database, for things that may have no row here yet."""

from django.db import connection


def advisory_lock(name: str) -> None:
    """Hold this lock until the transaction ends. Waits for whoever holds it now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
