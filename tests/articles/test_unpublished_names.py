"""Authors and topics of which nothing is on the site are not on it either: their names tell what is being worked on."""

import pytest
from django.test import Client

from articles.models import Article, Author, Edition, EditionTopic, Topic
from articles.publishing import workflow
from articles.surrogate_keys import purged_by
from newsroom.http import surrogate_keys as keys
from newsroom.models import User

NAME = "Operation Lal"
PAGES = ["/", "/latest/", "/sitemaps/pages.xml", "/search/?q=Operation", "/search/?q=snow&author=operation-lal"]


@pytest.mark.parametrize(("model", "folder"), [(Author, "authors"), (Topic, "topics")])
def test_a_name_is_public_while_something_with_it_is(
    model: type[Author] | type[Topic], folder: str, edition: Edition, editor: User, client: Client
) -> None:
    named = model._default_manager.create(name=NAME, slug="operation-lal")
    Topic.objects.update(pinned=True)
    article = edition.article
    getattr(article, folder).add(named)
    own = [f"/{folder}/operation-lal/{more}" for more in ("", "?before=2099-01-01T00:00:00Z-9", "feed/")]

    def shown() -> list[bool]:
        return [client.get(page).status_code == 200 for page in own]

    assert shown() == [False] * 3
    for page in PAGES:
        assert NAME not in client.get(page).content.decode(), page
    workflow.publish(article, by=editor)
    assert shown()[::2] == [True, True]
    assert f"/{folder}/operation-lal/" in client.get("/sitemaps/pages.xml").content.decode()
    article.refresh_from_db()
    workflow.withdraw(article, by=editor, expected=Article.Status.PUBLISHED, reason="Wrong.")
    assert shown() == [False] * 3


def test_all_pages_are_purged_when_a_pinned_topic_gets_its_first_article_and_loses_its_last(edition: Edition) -> None:
    """Hot Topics stand on every page."""
    topic = Topic.objects.create(name=NAME, slug="operation-lal", pinned=True)
    edition.article.topics.set([topic])
    first = workflow.publish(edition.article, by=None)
    assert keys.SITE in purged_by(edition.article, edition, first)
    EditionTopic.objects.create(edition=edition, topic=topic, position=0, listed_at=edition.published_at)  # another
    assert keys.SITE not in purged_by(edition.article, edition, first)
    EditionTopic.objects.all().delete()
    assert keys.SITE not in purged_by(edition.article, first, None)  # it has no such topic
