"""Invented content, with photos that are drawn here. `manage.py load_demo` calls `load()`."""


def load() -> None:
    """Sections, topics, authors, photos and articles. Called once, inside a transaction."""
    from articles.demo import loading  # Django's models, which the processes that draw do without

    loading.load()
