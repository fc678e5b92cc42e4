import re

import pytest
from django.test import Client

from articles.models import Article, Author, Edition, Section
from articles.publishing import workflow
from newsroom.models import User
from tests.articles.support import new_form, signed_in
from tests.factories import make_article


def test_a_reporter_writes_and_an_editor_publishes_with_one_button(
    reporter: User, editor: User, section: Section, author: Author, client: Client
) -> None:
    signed_in(reporter).post("/admin/articles/article/add/", new_form(section, author, _continue=1))
    article = Article.objects.get()
    assert article.created_by == reporter
    assert article.status == "draft"
    assert client.get(f"/articles/{article.slug}/").status_code == 404

    block = article.articles_text_set.get()
    changes = {
        "articles_text_set-INITIAL_FORMS": 1,
        "articles_text_set-0-id": block.pk,
        "articles_text_set-0-parent": article.pk,
    }
    response = signed_in(editor).post(
        f"/admin/articles/article/{article.pk}/change/", new_form(section, author, _publish=1, **changes), follow=True
    )

    assert "Published as edition 1." in response.content.decode()
    assert "The planks are new." in client.get(f"/articles/{article.slug}/").content.decode()
    assert Edition.objects.get().published_by == editor


def test_what_stands_in_the_way_is_said_and_the_article_is_saved_all_the_same(
    editor: User, section: Section, author: Author
) -> None:
    form = new_form(section, author, _publish=1, **{"articles_text_set-TOTAL_FORMS": 0})
    response = signed_in(editor).post("/admin/articles/article/add/", form, follow=True)

    assert "Saved, and no more than that. The body has no text yet." in response.content.decode()
    assert Article.objects.get().status == "draft"


@pytest.mark.parametrize("who", ["reporter", "moderator", "publisher", "reader"])
def test_nobody_but_an_editor_publishes_not_by_direct_post_either(
    who: str, draft: Article, section: Section, author: Author, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    Article.objects.update(created_by=user)
    page = f"/admin/articles/article/{draft.pk}/change/"
    shown = signed_in(user).get(page)
    assert 'name="_publish"' not in shown.content.decode()

    response = signed_in(user).post(page, new_form(section, author, _publish=1))

    assert response.status_code in (302, 403)
    assert not Edition.objects.exists()
    draft.refresh_from_db()
    assert draft.headline == "Snow came early"


def test_a_reporter_sees_and_changes_only_what_is_their_own(reporter: User, draft: Article) -> None:
    own = signed_in(reporter)
    assert "Snow came early" not in own.get("/admin/articles/article/").content.decode()
    page = f"/admin/articles/article/{draft.pk}/change/"
    assert own.get(page).status_code == 302
    Article.objects.update(created_by=reporter)
    assert "Snow came early" in own.get("/admin/articles/article/").content.decode()
    assert own.get(page).status_code == 200


@pytest.mark.parametrize(
    "typed", ["snows early", "CAME snow", "sno", "snow-came-early", "“snow came”", "kralwari", "nuzhat kralwari"]
)
@pytest.mark.parametrize("published", [False, True])
def test_an_article_is_found_by_its_words_its_slug_and_its_author(
    typed: str, published: bool, editor: User, draft: Article
) -> None:
    if published:
        workflow.publish(draft, by=None)
    found = signed_in(editor).get("/admin/articles/article/", {"q": typed}).context["cl"].result_list
    assert list(found) == [draft]


@pytest.mark.parametrize("typed", ["rain", "snow -early", "hail came", "--"])
def test_an_article_without_the_words_is_not_found(typed: str, editor: User, draft: Article) -> None:
    assert not signed_in(editor).get("/admin/articles/article/", {"q": typed}).context["cl"].result_list


def test_the_editor_runs_under_a_policy_without_unsafe_parts(editor: User, draft: Article) -> None:
    response = signed_in(editor).get(f"/admin/articles/article/{draft.pk}/change/")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    nonce = re.search(r"script-src 'self' 'nonce-([^']+)'", policy)
    assert nonce
    page = response.content.decode()
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert inline
    for attributes in inline:
        assert f'nonce="{nonce[1]}"' in attributes or 'type="application/json"' in attributes
    assert not re.search(r"\son\w+=\"", page)
    assert " style=" not in page


def test_two_editors_who_publish_make_two_editions(section: Section, author: Author, editor: User) -> None:
    article = make_article(section, author)
    stale = Article.objects.get(pk=article.pk)
    workflow.publish(article, by=editor)
    workflow.publish(stale, by=editor)
    assert [e.number for e in article.editions.order_by("number")] == [1, 2]
    assert article.editions.live().count() == 1


def test_no_block_is_copied_by_naming_it(reporter: User, editor: User, section: Section, author: Author) -> None:
    foreign = make_article(section, author)
    block = foreign.articles_text_set.get()
    signed_in(reporter).post(
        "/admin/articles/article/add/",
        new_form(section, author, _clone=f"articles.text:{block.pk}", _clone_region="body", _clone_ordering=1),
    )
    assert Article.objects.count() == 2
    assert foreign.articles_text_set.count() == 1
