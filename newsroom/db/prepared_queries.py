"""Queries that are put together once, and planned once.

Putting a large query of the ORM together takes ten times as long as Postgres takes to answer it, and planning it takes
Postgres longer than answering. `Prepared` does the first once for a process; as what differs is sent beside the text of
the query, Postgres does the second once for a connection.

    _EDITION = PreparedQuery(lambda: Edition.objects.live().filter(slug=Param("slug", SlugField())))
    _EDITION.rows(slug="snow-came-early")
"""

from collections.abc import Callable
from copy import copy
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Expression, Field, QuerySet
from psycopg import ClientCursor


class Param(Expression):
    """Stands in a prepared query for a value that is given each time. None is not equal to anything, as in SQL."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        kind, _, _ = (self.output_field.db_type(connection) or "").partition("(")  # varchar(50) would cut it off there
        return f"%s::{kind}", (self,)


class PreparedQuery:
    """The rows of a queryset; `build` makes it once, with `Param` for what differs from one time to the next."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build

    def rows(self, **given: Any) -> list[Any]:
        """What the queryset gives with these values, each under the name of its `Param`."""
        queryset, compiler, sql, names = self.once
        connection = connections[queryset.db]
        with connection.cursor() as cursor:
            if not connection.queries_logged:  # in Django's log are the values of its own cursors alone
                cursor.cursor = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
            cursor.execute(sql, [given[name] for name in names])
            found = cursor.fetchall()
        ready = copy(compiler)
        ready.connection = connection
        ready.execute_sql = lambda *_, **__: [found]
        query = copy(queryset.query)
        query.get_compiler = lambda *_, **__: ready  # type: ignore[method-assign]
        rows: Any = queryset._iterable_class(QuerySet(queryset.model, query, queryset.db))
        return list(rows)

    @cached_property
    def once(self) -> tuple[QuerySet[Any, Any], Any, str, list[str]]:
        """The queryset, its compiler, the SQL, and the names of what is to be given, in their order there."""
        queryset = self._build()
        connection = connections[queryset.db]
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        connection.ensure_connection()
        literal = ClientCursor(connection.connection).mogrify
        parts, names = sql.split("%s"), []
        text = parts[0]
        for part, parameter in zip(parts[1:], parameters, strict=True):
            if isinstance(parameter, Param):
                names.append(parameter.name)
                text += "%s"
            elif isinstance(parameter, date):
                raise TypeError(f"{parameter} would stay the same for ever: it has to be a Param.")
            else:
                text += literal("%s", [parameter]).replace("%", "%%")
            text += part
        return queryset, compiler, text, names
