#!/usr/bin/env python
"""Django's commands. Without DATABASE_URL they use the private Postgres under NEWSROOM_HOME, started if need be."""

import os
import sys

from django.core.management import execute_from_command_line

from newsroom import postgres


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    if "DATABASE_URL" in os.environ:
        execute_from_command_line(sys.argv)
    else:
        with postgres.borrowed():
            execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
