"""Paths of the checkout and of this installation's data."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def newsroom_home() -> Path:
    """Return the folder of all data: NEWSROOM_HOME, else `.local` in the checkout."""
    return Path(os.environ.get("NEWSROOM_HOME") or BASE_DIR / ".local").absolute()
