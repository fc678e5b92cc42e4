"""What an editor is told before publishing: what stands in the way, and what good reports have and this one has not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings

from articles.models import Article, Block, Edition, Photo

STANDFIRST = 200  # characters that fit on a phone without pushing the report off the screen
HEADLINE = 70  # characters that search engines and shared links show
_HREF = re.compile(r'href="([^"]*)"')
_ARTICLE = re.compile(r"/articles/([\w-]+)/")


@dataclass(frozen=True)
class Check:
    """One thing to look at, and where: a field of the form, or a block. `must`: it cannot be published like this."""

    words: str
    must: bool = False
    field: str = ""
    block: Block | None = None


def publication_checks(article: Article, blocks: list[Block]) -> list[Check]:
    """All that is to be said of the working copy as it is saved; what stands in the way comes first."""
    found = [*_of_the_fields(article), *_of_the_body(blocks), *_of_the_links(blocks)]
    return sorted(found, key=lambda check: not check.must)


def _of_the_fields(article: Article) -> Iterable[Check]:
    if not article.authors.exists():
        yield Check("Name at least one author.", must=True, field="authors")
    if not article.standfirst.strip():
        yield Check("There is no standfirst.", must=True, field="standfirst")
    if Edition.objects.filter(slug=article.slug).exclude(article=article).exists():
        words = "Another article was published under this slug: choose another."
        yield Check(words, must=True, field="slug")
    if article.lead_photo is None:
        yield Check("There is no lead photo.", field="lead_photo")
    else:
        yield from _of_a_photo(article.lead_photo, "lead photo", field="lead_photo")
    if len(article.standfirst) > STANDFIRST:
        words = f"The standfirst has {len(article.standfirst)} characters; more than {STANDFIRST} are much on a phone."
        yield Check(words, field="standfirst")
    if not article.topics.exists():
        yield Check("No topic is chosen: readers find it by its section alone.", field="topics")
    if len(article.headline) > HEADLINE and not article.search_headline:
        words = (
            f"The headline has {len(article.headline)} characters. Search engines and shared links cut it after "
            f"{HEADLINE}: give them a shorter one."
        )
        yield Check(words, field="search_headline")


def _of_the_body(blocks: list[Block]) -> Iterable[Check]:
    if not any(block.wording.strip() for block in blocks):
        yield Check("The body has no text yet.", must=True, field="body")
    for block in blocks:
        for photo in block.photos:
            yield from _of_a_photo(photo, f"photo in the {block._meta.verbose_name}", block=block)
        if block.empty:
            yield Check(block.why_empty, block=block)


def _of_a_photo(photo: Photo, name: str, *, field: str = "", block: Block | None = None) -> Iterable[Check]:
    if photo.wants:
        yield Check(f"The {name} has {photo.wants}.", must=True, field=field, block=block)


def _of_the_links(blocks: list[Block]) -> Iterable[Check]:
    """Links that lead nowhere, or where readers must not be led. Nothing is fetched: nobody is to learn of a report."""
    links = [(block, unescape(address)) for block in blocks for address in _HREF.findall(getattr(block, "content", ""))]
    wanted = {found[1] for _, address in links if (path := _own_path(address)) and (found := _ARTICLE.match(path))}
    there = set(Edition.objects.filter(slug__in=wanted).values_list("slug", flat=True)) if wanted else set()
    for block, address in links:
        if words := _wrong_with(address, there):
            yield Check(f"{words}: {address[:80]}", block=block)


def _own_path(address: str) -> str | None:
    """The path of a link to this site; None if it leads elsewhere."""
    try:
        parts = urlsplit(address)
        own = parts.netloc == urlsplit(settings.SITE_URL).netloc or (not parts.netloc and not parts.scheme)
    except ValueError:
        return None
    return parts.path if own else None


def _wrong_with(address: str, there: set[str]) -> str:
    path = _own_path(address)
    if path is not None:
        if path.startswith("/articles/preview/"):
            return "This link is a preview, which ends"
        if path.startswith("/admin/"):
            return "This link leads into the admin"
        article = _ARTICLE.match(path)
        if article and article[1] not in there:
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
