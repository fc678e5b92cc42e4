#!/usr/bin/env python
"""Runs Django's commands. Without DATABASE_URL they use the private Postgres under NEWSROOM_HOME, started if need be.

With DEBUG on, missing settings get development's values (devtools/settings.py).
"""

import os
import sys

import environ
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connections


def main() -> None:
    development = environ.Env().bool("DEBUG", default=False)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "devtools.settings" if development else "newsroom.settings")
    if os.environ.get("DATABASE_URL"):
        execute_from_command_line(sys.argv)
        return
    from devtools import postgres

    os.environ["DATABASE_URL"] = postgres.private_server().url
    with postgres.running_server():
        try:
            execute_from_command_line(sys.argv)
        finally:
            if settings.configured:  # or the pool logs errors when the server ends before it
                for connection in connections.all(initialized_only=True):
                    connection.close()
                    connection.close_pool()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
