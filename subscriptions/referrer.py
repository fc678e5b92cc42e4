"""Where somebody was reading when they turned to us: an article's path, taken from the form, and nothing else.

It says which report moved a reader to pay, and leads them back to it. Nobody is followed for it.
"""

import re

_ARTICLE = re.compile(r"/articles/(?!preview/)[-\w]{1,150}/(whole/)?", re.ASCII)


def is_article_path(path: str) -> bool:
    return bool(_ARTICLE.fullmatch(path))


def referring_article(value: object) -> str:
    """The path, if it is one of an article here; else nothing. So it is safe to lead somebody there."""
    path = str(value or "")
    return path if is_article_path(path) else ""


def public_path(path: str) -> str:
    """`/articles/<slug>/` also for the address that only supporters open."""
    return path.removesuffix("whole/")
