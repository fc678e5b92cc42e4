"""The head of the front page: what editors placed, and what the rule fills in."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNumQueries

from articles import front_page
from articles.models import Article, Author, Edition, FrontPlace, Photo, Section
from articles.publishing import workflow
from newsroom.models import User
from tests.articles.support import signed_in
from tests.factories import make_article

BOARD = "/admin/articles/frontplace/"


@pytest.fixture
def news(section: Section, author: Author, photo: Photo) -> list[Article]:
    """Return eight published articles, the newest last; the third has a photo."""
    articles = []
    for number in range(8):
        article = make_article(section, author, headline=f"Report {number}")
        article.lead_photo = photo if number == 2 else None
        article.save()
        workflow.publish(article, by=None)
        articles.append(article)
    return articles


def _shown() -> list[str]:
    return [edition.headline for edition in front_page.current_top(12).places]


def test_by_rule_the_newest_with_a_photo_leads_and_the_others_follow(news: list[Article]) -> None:
    assert _shown() == ["Report 2", "Report 7", "Report 6", "Report 5", "Report 4"]


def test_what_is_chosen_stands_where_it_was_put_and_once(news: list[Article], client: Client) -> None:
    front_page.arrange([news[5].pk, None, news[0].pk, None, None], seen=[None] * 5)
    assert _shown() == ["Report 5", "Report 7", "Report 0", "Report 6", "Report 4"]
    with assertNumQueries(4):
        page = client.get("/").content.decode()
    assert all(page.count(f">Report {number}</a>") == 1 for number in (5, 7, 0, 6, 4))


def test_a_withdrawn_article_leaves_its_place_and_comes_back_to_it(news: list[Article], editor: User) -> None:
    front_page.arrange([news[1].pk, None, None, None, None], seen=[None] * 5)
    workflow.withdraw(news[1], by=editor, expected="published", reason="Checking.")
    assert _shown()[0] == "Report 2"
    board = signed_in(editor)
    assertContains(board.get(BOARD), "Report 1 (not on the site now)")
    board.post(BOARD, {"place_0": news[1].pk, "place_1": news[0].pk, "seen": f"{news[1].pk},,,,"})
    workflow.publish(news[1], by=editor, expected="withdrawn")
    assert _shown()[:2] == ["Report 1", "Report 0"]


def test_who_saves_over_somebody_elses_arrangement_is_warned(news: list[Article], editor: User) -> None:
    own = signed_in(editor)
    seen = ",,,,"
    own.post(BOARD, {"place_0": news[3].pk, "seen": seen})
    told = own.post(BOARD, {"place_0": news[4].pk, "seen": seen})
    assertContains(told, "Somebody else arranged the front page meanwhile")
    assertContains(told, f'<option value="{news[4].pk}" selected>')
    assert front_page.placed_articles()[0] == news[3].pk
    again = {"place_0": news[4].pk, "seen": f"{news[3].pk},,,,"}
    assertContains(own.post(BOARD, again, follow=True), "The front page stands like this now.")
    assert front_page.placed_articles()[0] == news[4].pk


def test_odd_choices_are_refused_in_words(news: list[Article], editor: User, draft: Article) -> None:
    own = signed_in(editor)
    twice = own.post(BOARD, {"place_0": news[3].pk, "place_2": news[3].pk, "seen": ",,,,"})
    assertContains(twice, "This article stands in another place already.")
    for seen in ("9" * 5000, "x", ",,"):
        assertContains(own.post(BOARD, {"place_0": news[3].pk, "seen": seen}), "Somebody else arranged")
    for odd in (draft.pk, "999999999999", "x", "-1", "\0"):
        assert own.post(BOARD, {"place_0": odd, "seen": ",,,,"}).status_code == 200
    assert not FrontPlace.objects.exists()


def test_an_older_article_is_found_by_its_headline(news: list[Article], editor: User) -> None:
    Edition.objects.filter(article=news[0]).update(headline="نایاب کہانی")
    for query in ("نایاب", "%00", "%", "x" * 9000):
        assert signed_in(editor).get(BOARD, {"q": query}).status_code == 200
    assertContains(signed_in(editor).get(BOARD, {"q": "نایاب"}), "نایاب کہانی</option>")
