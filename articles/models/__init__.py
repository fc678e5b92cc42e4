"""The models of articles: working copies, editions, blocks, photos, taxonomy, the front page, static pages, menus.

An `Article` is the working copy, which reporters and editors change. Publishing (`articles.publishing.workflow`)
freezes it into an `Edition`. Readers see only the live edition: saving an article changes no public page.
"""

from articles.models.article import Article, ArticleEvent, Language
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
from articles.models.preview_link import PreviewLink
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
    "PreviewLink",
    "PullQuote",
    "Reads",
    "Related",
    "Section",
    "Text",
    "Topic",
    "Version",
    "from_source",
    "sections_with_newest",
    "with_published_headline",
]
