"""More Stories: chosen when something is published; pages only read them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles import more_stories, tasks
from articles.models import Article, Author, Edition, MoreStories, Section, Text, Topic
from articles.publishing import workflow
from tests.factories import make_article

ORCHARDS = "<p>Apple growers carried crates out of the orchard before the frost reached the trees.</p>"
COURTS = "<p>The judge adjourned the hearing, and the lawyers argued about bail until evening.</p>"
BREAD = "<p>Bakers lit the oven at four and sold loaves with salted tea.</p>"


def _publish(
    headline: str, days: int, section: Section, author: Author, *topics: Topic, text: str, standfirst: str = "In brief."
) -> Edition:
    article = make_article(section, author, *topics, headline=headline)
    Article.objects.filter(pk=article.pk).update(standfirst=standfirst)
    Text.objects.filter(parent=article).update(content=text)
    return workflow.publish(article, by=None, at=timezone.now() - timedelta(days=days))


@pytest.fixture
def other(db: None) -> Section:
    return Section.objects.create(name="Culture", slug="culture")


def _shown(edition: Edition) -> list[str]:
    return [each.headline for each in Edition.objects.for_reading().get(pk=edition.pk).more_stories]


def test_shared_topics_come_first_then_the_same_words_then_the_section(
    section: Section, other: Section, author: Author
) -> None:
    roads, snow, far = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Roads", "Snow", "Far"))
    _publish("Two topics", 9, other, author, roads, snow, text=COURTS)
    _publish("One topic, older", 8, other, author, snow, text=COURTS)
    _publish("One topic, newer", 7, other, author, roads, text=COURTS)
    _publish("Same words", 6, other, author, far, text=ORCHARDS)
    _publish("Neither", 3, other, author, far, text=BREAD)
    _publish("Same section", 5, section, author, text=BREAD)
    subject = _publish("The subject", 4, section, author, roads, snow, text=ORCHARDS)

    shown = _shown(subject)
    assert shown == ["Two topics", "One topic, newer", "One topic, older", "Same words", "Same section"]


def test_words_that_every_report_has_say_nothing(section: Section, other: Section, author: Author) -> None:
    for number in range(6):
        _publish(f"Report number {number}", 20 + number, other, author, text=COURTS + BREAD)
    _publish("Trees before winter", 30, other, author, text=ORCHARDS + BREAD)
    subject = _publish("Crates", 1, section, author, text=ORCHARDS + BREAD)

    words = more_stories.distinctive_words(subject)
    assert "orchard" in words
    assert "oven" not in words
    assert _shown(subject)[0] == "Trees before winter"


def test_an_urdu_report_finds_its_like(section: Section, other: Section, author: Author) -> None:
    mill = "<p>پرانی چکی میں اب کتابیں رکھی ہیں اور بچے شام کو پڑھتے ہیں۔</p>"
    _publish("Bread", 2, other, author, text=BREAD)
    like = _publish("چکی", 9, other, author, text=mill)
    subject = _publish("کتاب گھر", 1, section, author, text=mill)
    assert _shown(subject)[0] == like.headline


def test_a_withdrawn_report_drops_out_and_the_next_moves_up(section: Section, author: Author, client: Client) -> None:
    editions = [_publish(f"Report {number}", 9 - number, section, author, text=BREAD) for number in range(8)]
    subject = editions[-1]
    before = _shown(subject)
    assert len(before) == 6
    gone = Edition.objects.get(headline=before[0], live=True)
    workflow.withdraw(gone.article, by=None, expected="published", reason="Wrong.")  # type: ignore[arg-type]

    after = _shown(subject)
    assert after[:5] == before[1:]
    assert len(after) == 6
    assert before[0] not in client.get(subject.get_absolute_url()).content.decode()


def test_what_is_published_later_stands_beside_older_reports_once_the_worker_has_looked(
    section: Section, author: Author
) -> None:
    older = _publish("Older", 5, section, author, text=BREAD)
    newer = _publish("Newer", 1, section, author, text=BREAD)
    assert _shown(older) == []
    tasks.choose_more_stories(older.article_id)
    assert _shown(older) == ["Newer"]
    assert _shown(newer) == ["Older"]


def test_lists_that_are_missing_are_made_at_night(section: Section, author: Author) -> None:
    older = _publish("Older", 5, section, author, text=BREAD)
    _publish("Newer", 1, section, author, text=BREAD)
    MoreStories.objects.all().delete()
    tasks.choose_missing_more_stories(0)
    assert _shown(older) == ["Newer"]
