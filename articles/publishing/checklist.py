"""The checklist before publishing: what prevents it, and what a good article has and this one lacks."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings

from articles.models import Article, Block, Edition, Photo

LONG_STANDFIRST = 200  # characters: more push the text off a phone's first screen
LONG_HEADLINE = 70  # characters: search engines and shared links cut off the rest
_HREF = re.compile(r'href="([^"]*)"')
_ARTICLE = re.compile(r"/articles/([\w-]+)/")


@dataclass(frozen=True)
class Check:
    """One finding, and its field of the form or its block. With `blocking` the article cannot be published."""

    words: str
    blocking: bool = False
    field: str = ""
    block: Block | None = None


def publication_checks(article: Article, blocks: list[Block]) -> list[Check]:
    """Return the findings about the working copy as it is saved, the blocking ones first."""
    checks = [*_field_checks(article), *_body_checks(blocks), *_link_checks(blocks)]
    return sorted(checks, key=lambda check: not check.blocking)


def _field_checks(article: Article) -> Iterable[Check]:
    if not article.authors.exists():
        yield Check("Name at least one author.", blocking=True, field="authors")
    if not article.standfirst.strip():
        yield Check("There is no standfirst.", blocking=True, field="standfirst")
    if not article.slug:
        yield Check("The article needs an address.", blocking=True, field="slug")
    if Edition.objects.filter(slug=article.slug).exclude(article=article).exists():
        words = "Another article was published under this slug: choose another."
        yield Check(words, blocking=True, field="slug")
    if article.lead_photo is None:
        yield Check("There is no lead photo.", field="lead_photo")
    else:
        yield from _photo_checks(article.lead_photo, "lead photo", field="lead_photo")
    if len(article.standfirst) > LONG_STANDFIRST:
        count = len(article.standfirst)
        words = f"The standfirst has {count} characters; more than {LONG_STANDFIRST} are much on a phone."
        yield Check(words, field="standfirst")
    if not article.topics.exists():
        yield Check("No topic is chosen: readers find it by its section alone.", field="topics")
    if len(article.headline) > LONG_HEADLINE and not article.search_headline:
        words = (
            f"The headline has {len(article.headline)} characters. Search engines and shared links cut it after "
            f"{LONG_HEADLINE}: give them a shorter one."
        )
        yield Check(words, field="search_headline")


def _body_checks(blocks: list[Block]) -> Iterable[Check]:
    if not any(block.wording.strip() for block in blocks):
        yield Check("The body has no text yet.", blocking=True, field="body")
    for block in blocks:
        for photo in block.photos:
            yield from _photo_checks(photo, f"photo in the {block._meta.verbose_name}", block=block)
        if block.empty:
            yield Check(block.why_empty, block=block)


def _photo_checks(photo: Photo, name: str, *, field: str = "", block: Block | None = None) -> Iterable[Check]:
    if photo.wants:
        yield Check(f"The {name} has {photo.wants}.", blocking=True, field=field, block=block)


def _link_checks(blocks: list[Block]) -> Iterable[Check]:
    """Check links without fetching any: a request would tell others of an article before it is out."""
    links = [(block, unescape(address)) for block in blocks for address in _HREF.findall(getattr(block, "content", ""))]
    linked = {found[1] for _, address in links if (path := _own_path(address)) and (found := _ARTICLE.match(path))}
    published = set(Edition.objects.filter(slug__in=linked).values_list("slug", flat=True)) if linked else set()
    for block, address in links:
        if words := _link_problem(address, published):
            yield Check(f"{words}: {address[:80]}", block=block)


def _own_path(address: str) -> str | None:
    """Return the path of a link to this site; None if it leads elsewhere."""
    try:
        parts = urlsplit(address)
        own = parts.netloc == urlsplit(settings.SITE_URL).netloc or (not parts.netloc and not parts.scheme)
    except ValueError:
        return None
    return parts.path if own else None


def _link_problem(address: str, published: set[str]) -> str:
    """Return what is wrong with a link, in the editor's words; empty if nothing is. `published`: slugs."""
    path = _own_path(address)
    if path is not None:
        if path.startswith("/articles/preview/"):
            return "This link is a preview, which ends"
        if path.startswith("/admin/"):
            return "This link leads into the admin"
        article = _ARTICLE.match(path)
        if article and article[1] not in published:
            return "This link leads to no report that was published"
        return "" if path.startswith("/") else "This link is no whole address"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "This link is no address"
    if parts.scheme == "mailto":
        return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", parts.path) else "This link is no e-mail address"
    if "." not in host.strip(".") or re.search(r"\s", address):
        return "This link is no address on the web"
    return ""
