"""Invented content, with photos that are drawn here. `manage.py load_demo` calls `load()`."""


def load() -> None:
    """Sections, topics, authors, photos and articles, and what stands around them. Called once, inside a transaction."""
    from devtools.demo.articles import (
        loading,
        outlet,  # Django's models, which the processes that draw do without
    )

    loading.load()
    outlet.load()
