"""The article beside which a reader began to pay: its path, sent with the form.

It shows which report made readers pay, and leads them back to it, without any tracking.
"""

import re

_ARTICLE = re.compile(r"/articles/(?!preview/)[-\w]{1,150}/(whole/)?", re.ASCII)


def is_article_path(path: str) -> bool:
    return bool(_ARTICLE.fullmatch(path))


def referring_article(value: object) -> str:
    """Return the path if it is an article's, otherwise an empty string. So it is safe as a link."""
    path = str(value or "")
    return path if is_article_path(path) else ""


def public_path(path: str) -> str:
    """Return `/articles/<slug>/`, also for an article's address for supporters."""
    return path.removesuffix("whole/")
