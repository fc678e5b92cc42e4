"""Invented articles with their pictures, and the site chrome around them. `manage.py load_demo` calls `load()`."""

from devtools.demo.articles import loading, site_chrome


def load() -> None:
    """Load everything, into an empty database and inside a transaction."""
    loading.load()
    site_chrome.load()
