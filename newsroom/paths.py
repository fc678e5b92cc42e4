"""Where this installation keeps its state."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def newsroom_home() -> Path:
    """The folder of all state: NEWSROOM_HOME, else `.local` in the checkout."""
    return Path(os.environ.get("NEWSROOM_HOME") or BASE_DIR / ".local").absolute()
