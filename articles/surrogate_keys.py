"""Under which surrogate keys an article's pages are cached, and which of them a step drops."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from articles.models import Article, Banner, Edition, MostRead
from newsroom.http import surrogate_keys as keys
from newsroom.http.cache_headers import add_surrogate_keys, set_expiry

# What a new edition may enter, whatever it is about.
LISTS = (keys.FRONT, keys.LATEST, keys.SEARCH, keys.CORRECTIONS, keys.SITEMAP)


def shows_article(request: HttpRequest, edition: Edition) -> None:
    """The page is one of this article's: its text, its history, its comments."""
    add_surrogate_keys(request, keys.article(edition.article_id))
    _opens(request, edition)


def shows_cards(request: HttpRequest, editions: Iterable[Edition]) -> None:
    """The page shows a card of each of these."""
    for edition in editions:
        add_surrogate_keys(request, keys.card(edition.article_id))
        _opens(request, edition)


def shows_list(request: HttpRequest, editions: Iterable[Edition], key: str, *, first: bool = True) -> None:
    """The page is a list with this key. What is new changes only the first page of it."""
    shows_cards(request, editions)
    if first:
        add_surrogate_keys(request, key)


def purged_by(article: Article, former: Edition | None, edition: Edition | None) -> set[str]:
    """The keys of what shows it otherwise, now that `edition` is live in place of `former`; None: there is none."""
    purged = {keys.article(article.pk), keys.card(article.pk), *LISTS}
    for each in (former, edition):
        if each is not None:
            purged.add(keys.section(each.section_id))
            purged |= {keys.topic(pk) for pk in each.editiontopic_set.values_list("topic", flat=True)}
            purged |= {keys.author(pk) for pk in each.editionauthor_set.values_list("author", flat=True)}
    if _headline(former) != _headline(edition) and _stands_everywhere(article):
        purged.add(keys.SITE)
    return purged


def _headline(edition: Edition | None) -> tuple[str, str, str] | None:
    return (edition.headline, edition.slug, edition.language) if edition else None


def _stands_everywhere(article: Article) -> bool:
    """Whether a line on every page leads to it: among Most Read, or from the breaking banner."""
    banners = Banner.objects.not_over(timezone.now()).filter(article=article)
    return MostRead.objects.filter(article=article).exists() or banners.exists()


def _opens(request: HttpRequest, edition: Edition) -> None:
    if edition.for_supporters and edition.open_at:
        set_expiry(request, edition.open_at)
