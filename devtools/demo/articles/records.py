"""Dataclasses of the demo content, and the few constants that it shares."""

from dataclasses import dataclass
from typing import Literal

INVENTED = "<p><em>This report is invented for the demonstration.</em></p>"
INVENTED_UR = "<p><em>یہ خبر نمائش کے لیے گھڑی گئی ہے۔</em></p>"
CREDIT = "Drawing: Newsroom demo"


@dataclass(frozen=True)
class Section:
    """A section of the site; each article belongs to one."""

    slug: str
    name: str
    description: str


@dataclass(frozen=True)
class Author:
    """A person with a byline."""

    slug: str
    name: str
    role: str
    bio: str


@dataclass(frozen=True)
class Topic:
    """A subject that articles in any section can share."""

    slug: str
    name: str


@dataclass(frozen=True)
class Photo:
    """The lead picture of an article: `name` is a file in devtools/demo/photos/, without its extension."""

    name: str
    alt: str
    caption: str
    credit: str = CREDIT


@dataclass(frozen=True)
class Text:
    """A run of paragraphs, headings, lists and quotations."""

    html: str


@dataclass(frozen=True)
class PullQuote:
    """A sentence of the article set large."""

    quote: str
    attribution: str


@dataclass(frozen=True)
class Figure:
    """A picture inside the article, named as in Photo."""

    name: str
    alt: str
    caption: str
    credit: str = CREDIT


@dataclass(frozen=True)
class FactBox:
    """Figures or names to look up, beside the story."""

    title: str
    html: str


@dataclass(frozen=True)
class Gallery:
    """Several pictures together."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Embed:
    """A film, post or map on another site."""

    url: str
    title: str


@dataclass(frozen=True)
class Related:
    """Another article, older than this one."""

    headline: str


Block = Text | PullQuote | Figure | FactBox | Gallery | Embed | Related


@dataclass(frozen=True)
class Article:
    """An article with everything that the site shows of it."""

    headline: str
    standfirst: str
    section: str
    topics: tuple[str, ...]
    authors: tuple[str, ...]
    hours_ago: int
    blocks: tuple[Block, ...]
    photo: Photo | None = None
    language: Literal["en", "ur"] = "en"


@dataclass(frozen=True)
class Comment:
    """A reader's comment; `article` is an index into ARTICLES."""

    article: int
    name: str
    text: str
    state: Literal["pending", "approved", "rejected", "spam"] = "approved"


CLOSING = Text(INVENTED)
CLOSING_UR = Text(INVENTED_UR)
