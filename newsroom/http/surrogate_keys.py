"""The surrogate keys of public pages: a page names what it shows, and a change purges every page that names it.

No other module spells a key. `cache_headers.add_surrogate_keys` puts keys on a page; `purge.purge_on_commit` drops the
pages that have them.
"""

SITE = "site"  # every public page, as all of them carry the outlet's name, menus or wording

# Lists that a new edition may enter, and their feeds
FRONT = "front"
LATEST = "latest"
SEARCH = "search"
CORRECTIONS = "corrections"
SITEMAP = "sitemap"

SUPPORT = "support"  # pages that show how far an appeal has come


def article(pk: int) -> str:
    """Return the key of an article's pages: its text, history, comments, and its former addresses."""
    return f"article-{pk}"


def card(pk: int) -> str:
    """Return the key of pages that show a card of this article."""
    return f"card-{pk}"


def section(pk: int) -> str:
    """Return the key of a section's list and feed."""
    return f"section-{pk}"


def topic(pk: int) -> str:
    """Return the key of a topic's list and feed."""
    return f"topic-{pk}"


def author(pk: int) -> str:
    """Return the key of an author's list and feed."""
    return f"author-{pk}"
