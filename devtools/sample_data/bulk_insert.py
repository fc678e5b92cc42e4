"""Inserts rows by COPY, with the tables' indexes and foreign keys dropped meanwhile.

Creating these again at the end takes a fraction of the time, and checks every row.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Max, Model

BATCH_SIZE = 5_000  # rows of one COPY


class Rows:
    """Buffers rows of several tables.

    `add` takes values in the order of the columns that were named; all others get a default: the
    model's, or the database's.
    """

    def __init__(self, columns: dict[type[Model], str]) -> None:
        self.columns = {model: names.split() for model, names in columns.items()}
        self.defaults = {
            model: {
                field.column: field.get_db_prep_save(field.get_default(), connection)
                for field in model._meta.concrete_fields
                if field.column not in names
                and not field.generated
                and (field.has_default() or not field.has_db_default())
            }
            for model, names in self.columns.items()
        }
        self.waiting: dict[type[Model], list[Sequence[object]]] = {model: [] for model in columns}
        self._next: dict[type[Model], int] = {}

    def next_pk(self, model: type[Model]) -> int:
        """Return the primary key of the table's next row."""
        number = self._next.get(model) or next_free_pk(model)
        self._next[model] = number + 1
        return number

    def add(self, model: type[Model], *values: object) -> None:
        waiting = self.waiting[model]
        waiting.append(values)
        if len(waiting) >= BATCH_SIZE:
            self.send(model)

    def send(self, model: type[Model]) -> None:
        defaults = self.defaults[model]
        columns = ", ".join(f'"{name}"' for name in (*self.columns[model], *defaults))
        constants = tuple(defaults.values())
        with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
            for values in self.waiting[model]:
                copy.write_row((*values, *constants))
        self.waiting[model].clear()


@contextmanager
def bulk_insert(columns: dict[type[Model], str]) -> Iterator[Rows]:
    """Yield rows for these tables, given the columns of each. Nobody else may insert into them meanwhile."""
    rows = Rows(columns)
    tables = [model._meta.db_table for model in columns]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        restore = [statement for table in tables for statement in _drop_indexes(cursor, table)]
        yield rows
        for model in columns:
            rows.send(model)
        for statement in restore:
            cursor.execute(statement)
        for model in columns:
            table, pk = model._meta.db_table, model._meta.auto_field
            if pk is not None:
                sequence = f"pg_get_serial_sequence('{table}', '{pk.column}')"
                cursor.execute(f"SELECT setval({sequence}, max({pk.column})) FROM {table}")  # noqa: S608
            cursor.execute(f"ANALYZE {table}")


def _drop_indexes(cursor: Any, table: str) -> list[str]:
    """Drop foreign keys, unique constraints and indexes but the primary key's; return the SQL that restores them."""
    cursor.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('f', 'u')"
        " UNION ALL"
        " SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [table, table],
    )
    found = cursor.fetchall()
    for drop, _ in found:
        cursor.execute(drop)
    return [create for _, create in found]


def next_free_pk(model: type[Model]) -> int:
    """Return the primary key after the table's largest."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
