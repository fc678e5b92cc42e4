"""The table of statuses in docs/supporting.md."""

from newsroom.paths import BASE_DIR

Line = tuple[str, str, bool, str, str]


def table() -> list[Line]:
    """Return its lines: status, more, entitled, state, what the account page says."""
    text = (BASE_DIR / "docs" / "supporting.md").read_text()
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")] for line in text.splitlines() if "| `" in line[:4]
    ]
    return [(status, more, entitled == "yes", state, words) for status, more, entitled, state, words in rows]
