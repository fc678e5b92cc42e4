"""Locks by name in the database: what is to be applied may have no row here yet."""

from django.db import connection


def advisory_lock(name: str) -> None:
    """Have everybody else who asks for this lock wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
