"""The surrogate keys that tag cached pages, and the keys that a step of an article purges."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from articles.models import Article, Banner, Edition, MostRead, Topic
from newsroom.http import surrogate_keys as keys
from newsroom.http.cache_headers import add_surrogate_keys, set_expiry

# The lists that any new edition may enter.
LISTS = (keys.FRONT, keys.LATEST, keys.SEARCH, keys.CORRECTIONS, keys.SITEMAP)


def shows_article(request: HttpRequest, edition: Edition) -> None:
    """Tag one of this article's own pages: its text, its history, its comments."""
    add_surrogate_keys(request, keys.article(edition.article_id))
    _expire_when_opened(request, edition)


def shows_cards(request: HttpRequest, editions: Iterable[Edition]) -> None:
    """Tag a page that shows a card of each of these."""
    for edition in editions:
        add_surrogate_keys(request, keys.card(edition.article_id))
        _expire_when_opened(request, edition)


def shows_list(request: HttpRequest, editions: Iterable[Edition], key: str, *, first: bool = True) -> None:
    """Tag a list. Only its first page has the key `key`, as new articles change that page alone."""
    shows_cards(request, editions)
    if first:
        add_surrogate_keys(request, key)


def purged_by(article: Article, former: Edition | None, edition: Edition | None) -> set[str]:
    """Return the keys of the pages that change now that `edition` is live in place of `former` (None: no edition)."""
    purged = {keys.article(article.pk), keys.card(article.pk), *LISTS}
    topics: set[int] = set()
    for each in (former, edition):
        if each is not None:
            purged.add(keys.section(each.section_id))
            topics.update(each.editiontopic_set.values_list("topic", flat=True))
            purged |= {keys.author(pk) for pk in each.editionauthor_set.values_list("author", flat=True)}
    purged |= {keys.topic(pk) for pk in topics}
    if _enters_hot_topics(topics):
        purged.add(keys.SITE)
    if _headline(former) != _headline(edition) and _is_on_every_page(article):
        purged.add(keys.SITE)
    return purged


def _enters_hot_topics(topics: set[int]) -> bool:
    """Return True if one of these is pinned there, and has its first article on the site now, or has lost its last."""
    pinned = Topic.objects.filter(pk__in=topics, pinned=True, hidden=False)
    return any(topic.editiontopic_set.filter(listed_at__isnull=False)[:2].count() < 2 for topic in pinned)


def _headline(edition: Edition | None) -> tuple[str, str, str] | None:
    return (edition.headline, edition.slug, edition.language) if edition else None


def _is_on_every_page(article: Article) -> bool:
    """Return True if every page links to it: from Most read, or from the breaking banner."""
    banners = Banner.objects.not_over(timezone.now()).filter(article=article)
    return MostRead.objects.filter(article=article).exists() or banners.exists()


def _expire_when_opened(request: HttpRequest, edition: Edition) -> None:
    """Let the page expire when an article for supporters first opens to everyone."""
    if edition.for_supporters and edition.open_at:
        set_expiry(request, edition.open_at)
