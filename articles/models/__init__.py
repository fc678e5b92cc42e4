"""Sections, topics, authors, photos; articles, which reporters and editors change; editions, which readers see.

An `Article` is the working copy. Publishing (`publishing.py`) freezes it into an `Edition`. Readers only ever see the
live edition of an article, so nothing that is saved here changes a public page before it is published.

Around them stand the outlet's own pages, its menus and the breaking banner.
"""

from articles.models.article import Article, ArticleEvent, Language, new_preview_key
from articles.models.autosave import Autosave
from articles.models.banner import Banner
from articles.models.blocks import (
    BLOCKS,
    Block,
    Embed,
    FactBox,
    Figure,
    Gallery,
    PullQuote,
    Related,
    Text,
    from_source,
)
from articles.models.edition import Edition, sections_with_newest, with_published_headline
from articles.models.front_page import FrontPlace
from articles.models.menu import MenuLink
from articles.models.more_stories import MoreStories
from articles.models.page import FormerAddress, Page
from articles.models.photo import Photo
from articles.models.placement import EditionAuthor, EditionTopic
from articles.models.reads import MostRead, Reads
from articles.models.taxonomy import Author, Section, Topic
from articles.models.version import Version

__all__ = [
    "BLOCKS",
    "Article",
    "ArticleEvent",
    "Author",
    "Autosave",
    "Banner",
    "Block",
    "Edition",
    "EditionAuthor",
    "EditionTopic",
    "Embed",
    "FactBox",
    "Figure",
    "FormerAddress",
    "FrontPlace",
    "Gallery",
    "Language",
    "MenuLink",
    "MoreStories",
    "MostRead",
    "Page",
    "Photo",
    "PullQuote",
    "Reads",
    "Related",
    "Section",
    "Text",
    "Topic",
    "Version",
    "from_source",
    "new_preview_key",
    "sections_with_newest",
    "with_published_headline",
]
