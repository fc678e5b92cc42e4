import re
from typing import Any

import pytest
from django.test import Client

from articles.models import BLOCKS, Article, Author, Edition, Section
from articles.publishing import workflow
from newsroom.models import User
from tests.factories import make_article

PREFIXES = [f"articles_{kind._meta.model_name}_set" for kind in BLOCKS]


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _form(section: Section, author: Author, **changes: Any) -> dict[str, Any]:
    """What the article's form sends, with one text block."""
    form: dict[str, Any] = {
        "headline": "A bridge is mended",
        "slug": "a-bridge-is-mended",
        "standfirst": "After two winters.",
        "language": "en",
        "supporters_first": 0,
        "section": section.pk,
        "authors": [author.pk],
    }
    for prefix in PREFIXES:
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    form |= {
        "articles_text_set-TOTAL_FORMS": 1,
        "articles_text_set-0-content": "<p>The planks are new.</p>",
        "articles_text_set-0-region": "body",
        "articles_text_set-0-ordering": 10,
    }
    return form | changes


def form_of(article: Article, **changes: Any) -> dict[str, Any]:
    """What the form of this article sends if nothing was changed in it, but for `changes`."""
    form: dict[str, Any] = {
        "headline": article.headline,
        "slug": article.slug,
        "standfirst": article.standfirst,
        "language": article.language,
        "section": article.section_id,
        "topics": [topic.pk for topic in article.topics.all()],
        "authors": [author.pk for author in article.authors.all()],
        "lead_photo": article.lead_photo_id or "",
        "search_headline": article.search_headline,
        "supporters_first": article.supporters_first,
        "status_seen": article.status,
        "kind": "update",
    }
    for prefix in PREFIXES:
        blocks = list(getattr(article, prefix).all())
        form |= {f"{prefix}-TOTAL_FORMS": len(blocks), f"{prefix}-INITIAL_FORMS": len(blocks)}
        for number, block in enumerate(blocks):
            values = {field.attname: getattr(block, field.attname) for field in block._meta.concrete_fields}
            values |= {"id": block.pk, "parent": article.pk, "photo": values.get("photo_id", "")}
            form |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return form | changes


def test_a_reporter_writes_and_an_editor_publishes_with_one_button(
    reporter: User, editor: User, section: Section, author: Author, client: Client
) -> None:
    desk(reporter).post("/admin/articles/article/add/", _form(section, author, _continue=1))
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
    response = desk(editor).post(
        f"/admin/articles/article/{article.pk}/change/", _form(section, author, _publish=1, **changes), follow=True
    )

    assert "Published as edition 1." in response.content.decode()
    assert "The planks are new." in client.get(f"/articles/{article.slug}/").content.decode()
    assert Edition.objects.get().published_by == editor


def test_what_stands_in_the_way_is_said_and_the_article_is_saved_all_the_same(
    editor: User, section: Section, author: Author
) -> None:
    form = _form(section, author, _publish=1, **{"articles_text_set-TOTAL_FORMS": 0})
    response = desk(editor).post("/admin/articles/article/add/", form, follow=True)

    assert "Saved, and no more than that. The body has no text yet." in response.content.decode()
    assert Article.objects.get().status == "draft"


@pytest.mark.parametrize("who", ["reporter", "moderator", "publisher", "reader"])
def test_nobody_but_an_editor_publishes_not_by_direct_post_either(
    who: str, draft: Article, section: Section, author: Author, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    Article.objects.update(created_by=user)
    page = f"/admin/articles/article/{draft.pk}/change/"
    shown = desk(user).get(page)
    assert 'name="_publish"' not in shown.content.decode()

    response = desk(user).post(page, _form(section, author, _publish=1))

    assert response.status_code in (302, 403)
    assert not Edition.objects.exists()
    draft.refresh_from_db()
    assert draft.headline == "Snow came early"


def test_a_reporter_sees_and_changes_only_what_is_their_own(reporter: User, draft: Article) -> None:
    own = desk(reporter)
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
    found = desk(editor).get("/admin/articles/article/", {"q": typed}).context["cl"].result_list
    assert list(found) == [draft]


@pytest.mark.parametrize("typed", ["rain", "snow -early", "hail came", "--"])
def test_an_article_without_the_words_is_not_found(typed: str, editor: User, draft: Article) -> None:
    assert not desk(editor).get("/admin/articles/article/", {"q": typed}).context["cl"].result_list


def test_the_editor_runs_under_a_policy_without_unsafe_parts(editor: User, draft: Article) -> None:
    response = desk(editor).get(f"/admin/articles/article/{draft.pk}/change/")
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
    desk(reporter).post(
        "/admin/articles/article/add/",
        _form(section, author, _clone=f"articles.text:{block.pk}", _clone_region="body", _clone_ordering=1),
    )
    assert Article.objects.count() == 2
    assert foreign.articles_text_set.count() == 1
