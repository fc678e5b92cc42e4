"""Queries that are compiled once and planned once. Leans on private parts of Django's ORM (test_private_apis.py).

For a large query, the ORM takes ten times as long to compile the SQL as Postgres takes to run it, and Postgres takes
longer to plan it than to run it. `PreparedQuery` compiles once per process; as parameters are sent beside the SQL,
Postgres plans once per connection.

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
    """A parameter of a prepared query. As in SQL, None equals nothing."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        kind, _, _ = (self.output_field.db_type(connection) or "").partition(
            "("
        )  # varchar(50) would truncate the value
        return f"%s::{kind}", (self,)


class PreparedQuery:
    """A queryset that `build` returns once, with a `Param` for each value that differs between runs."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build

    def rows(self, **given: Any) -> list[Any]:
        """Return the queryset's rows for these values of its `Param`s, by name."""
        queryset, compiler, sql, names = self.compiled
        connection = connections[queryset.db]
        with connection.cursor() as cursor:
            if not connection.queries_logged:  # Django's query log can show the values of its own cursors alone
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
    def compiled(self) -> tuple[QuerySet[Any, Any], Any, str, list[str]]:
        """The queryset, its compiler, the SQL, and the names of its parameters in order."""
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
