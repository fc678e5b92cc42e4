#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL they use the private Postgres under NEWSROOM_HOME, started if need be."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connections

from newsroom import postgres


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    if os.environ.get("DATABASE_URL"):
        execute_from_command_line(sys.argv)
        return
    with postgres.borrowed():
        try:
            execute_from_command_line(sys.argv)
        finally:
            if settings.configured:  # or the pool would complain of the server that ends before it
                for connection in connections.all(initialized_only=True):
                    connection.close()
                    connection.close_pool()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
