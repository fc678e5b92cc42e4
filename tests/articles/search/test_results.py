import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from articles.models import Article, Author, Edition, Section, Text
from articles.publishing import workflow
from articles.search.normalize import normalize
from articles.search.query import parse
from articles.search.results import MAX_RANKED
from newsroom.models import User

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def report(section: Section, author: Author):
    """Publish one with these words: `report("Headline", "Text", language="ur", at=…)`."""

    def publish(
        headline: str,
        text: str = "Nothing else.",
        *,
        language: str = "en",
        at: datetime = NOW,
        place: Section | None = None,
        by: Author | None = None,
    ) -> Edition:
        article = Article.objects.create(
            headline=headline,
            slug=f"report-{Article.objects.count()}",
            standfirst="One sentence.",
            section=place or section,
            language=language,
        )
        article.authors.add(by or author)
        Text.objects.create(parent=article, region="body", ordering=10, content=f"<p>{text}</p>")
        return workflow.publish(article, by=None, at=at)

    return publish


@pytest.fixture
def found(client: Client):
    """The headlines that a search finds, in their order, as they are written (marks taken out)."""

    def search(q: str = "", **more: str) -> list[str]:
        response = client.get("/search/", {"q": q, **more})
        assert response.status_code == 200
        return [result.edition.headline for result in response.context.get("results", [])]

    return search


def test_a_word_finds_its_other_english_forms(report, found) -> None:
    report("Roads are closed", "The plough was walking up.")
    assert found("road") == found("roading ") == found("walks ") == ["Roads are closed"]
    assert found("cloud") == []


def test_all_words_must_be_there_but_those_that_are_in_every_text(report, found) -> None:
    report("Snow on the road")
    report("Rain on the road")
    assert found("the snow of road ") == ["Snow on the road"]
    assert sorted(found("the ")) == ["Rain on the road", "Snow on the road"]


def test_words_in_quotes_stand_together(report, found) -> None:
    report("The old bridge of Zaina", "Somebody wrote that the new road is long.")
    assert found('"new road"') == found("“old bridge”") == ["The old bridge of Zaina"]
    assert found('"road new"') == found('"new roads"') == found('"bridge the"') == []
    assert found('"bridge of"') == ["The old bridge of Zaina"]


def test_a_word_with_a_dash_before_it_leaves_reports_out(report, found) -> None:
    report("Snow on the road")
    report("Snow in the orchards")
    assert found("snow -roads") == ["Snow in the orchards"]
    assert found('snow -"in the orchards"') == ["Snow on the road"]


@pytest.mark.parametrize("beginning", ["el", "elec", "electri", "electricit", "electricity"])
def test_the_last_word_may_be_a_beginning(beginning: str, report, found) -> None:
    report("Winter", "The electricity went at six.")
    assert found(f"winter {beginning}") == ["Winter"]
    assert found(f"{beginning} winter") == (["Winter"] if beginning == "electricity" else [])


@pytest.mark.parametrize("typed", ["cafe", "CAFÉ", "Café", "cafe\u0301", "ｃａｆｅ"])
def test_accents_make_no_difference(typed: str, report, found) -> None:
    report("A café opens")
    report("Another cafe")
    assert sorted(found(typed)) == ["A café opens", "Another cafe"]


@pytest.mark.parametrize("typed", ["برف", "بَرف", "برفـ", "\u200fبرف\u200e", "بر"])
def test_urdu_is_found_with_and_without_vowel_signs(typed: str, report, found) -> None:
    report("وادی میں بَرف گری", language="ur")
    assert found(typed) == ["وادی میں بَرف گری"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("کشمیر کی", "كشمير كي"),
        ("یہ چکی", "يه چكى"),
        ("آزادی", "ازادی"),
        ("مسئلہ", "مسیلہ"),
        ("٢٠٢٦ میں", "2026"),
        ("سال 2026", "۲۰۲۶"),
        ("گاؤں", "گاوں"),
        ("نہیں", "نہین"),
    ],
)
def test_the_letters_of_other_keyboards_find_the_same(written: str, typed: str, report, found) -> None:
    report(written, language="ur")
    assert found(typed) == [written]


def test_hyphens_and_spaces_are_the_same(report, found) -> None:
    report("Co-operative bank and/or dairy")
    assert found("co operative") == found("co-operative") == found('"co operative bank"') == found("or-dairy")
    assert found("dairy") == ["Co-operative bank and/or dairy"]


def test_what_is_published_is_found_at_once_and_what_is_withdrawn_no_more(report, found, editor: User) -> None:
    edition = report("The first headline")
    article = edition.article
    article.headline = "Another one"
    article.save()
    assert found("first") == ["The first headline"]
    assert found("another") == []

    workflow.publish(article, by=editor)
    assert found("first") == []
    assert found("another") == ["Another one"]

    article.refresh_from_db()
    workflow.withdraw(article, by=editor, expected=article.status, reason="Wrong.")
    assert found("another") == []
    assert not Edition.objects.filter(search__isnull=False).exists()


def test_the_words_for_search_are_read_by_no_page(edition: Edition, client: Client) -> None:
    for path in ("/", "/latest/", "/corrections/", "/feed/", "/sections/kashmir/", edition.get_absolute_url()):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        assert not [query["sql"] for query in queries if '"search"' in query["sql"]], path


def test_a_draft_is_not_found(draft: Article, found) -> None:
    assert found("snow") == []


def test_the_headline_weighs_more_than_the_text_and_a_new_report_more_than_an_old_one(report, found) -> None:
    report("Ferry", "A boat.", at=NOW - timedelta(days=30))
    report("Something else", "It says ferry once.", at=NOW)
    report("Old ferry", "A boat.", at=NOW - timedelta(days=8 * 365))
    assert found("ferry ") == ["Ferry", "Something else", "Old ferry"]
    assert found("ferry ", order="newest") == ["Something else", "Ferry", "Old ferry"]


def test_it_is_narrowed_by_section_author_and_days(report, found, section: Section, author: Author) -> None:
    culture = Section.objects.create(name="Culture", slug="culture")
    other = Author.objects.create(name="Ishrat", slug="ishrat")
    # 20 November, 00:10 in Kashmir, where it is 19 November in Greenwich
    report("Snow in the night", at=datetime(2026, 11, 19, 18, 40, tzinfo=UTC))
    report("Snow in songs", place=culture, at=NOW + timedelta(days=1))
    report("Snow and her", by=other, at=NOW + timedelta(days=2))

    assert found("snow", section="culture") == ["Snow in songs"]
    assert found("snow", author="ishrat") == ["Snow and her"]
    assert found("snow", since="2026-11-20", until="2026-11-20") == ["Snow in the night"]
    assert found("snow", until="2026-11-19") == []
    assert found("snow", since="2026-11-21", order="newest") == ["Snow and her", "Snow in songs"]
    assert found("", section="culture") == ["Snow in songs"]
    assert found("snow", section="culture", author="ishrat") == found("snow", section="unknown") == []


def test_the_name_of_an_author_leads_to_their_page(report, client: Client) -> None:
    report("Snow", by=Author.objects.create(name="Zoë Mir", slug="zoe-mir"))
    Author.objects.create(name="Zoe Nobody", slug="zoe-nobody")  # has nothing on the site
    response = client.get("/search/", {"q": "mir zoe"})
    assertContains(response, "Nothing was found")
    assertContains(response, '<a href="/authors/zoe-mir/" dir="auto">All by Zoë Mir</a>')
    assertNotContains(response, "zoe-nobody")
    assertNotContains(client.get("/search/", {"q": "snow"}), "All by")


def test_the_authors_to_choose_from_are_those_of_the_reports_on_the_page_and_the_chosen_one(
    report, client: Client, author: Author
) -> None:
    other = Author.objects.create(name="Zoë Mir", slug="zoe-mir")
    report("Snow")
    report("Rain", by=other)
    assertNotContains(client.get("/search/"), "id_author")
    assertNotContains(client.get("/search/", {"q": "snow"}), "zoe-mir")
    assertContains(client.get("/search/", {"q": "snow"}), f'<option value="{author.slug}">{author.name}</option>')
    chosen = client.get("/search/", {"q": "snow", "author": "zoe-mir"})
    assertContains(chosen, '<option value="zoe-mir" selected>Zoë Mir</option>')
    assertContains(chosen, "Nothing was found")
    assertContains(client.get(other.get_absolute_url()), '<input type="hidden" name="author" value="zoe-mir">')


def test_news_of_today_is_not_looked_for_in_the_whole_archive(archive: None, report, client: Client) -> None:
    for number in range(25):
        report(f"Avalanche {number}", at=timezone.now())
    response = client.get("/search/", {"q": "avalanche", "page": "2"})
    assertContains(response, "At least 25 reports")
    assertContains(response, "the best of the newest 25 reports")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"since": "yesterday"}, "Write the date like"),
        ({"until": "2026-02-30"}, "Write the date like"),
        ({"since": "2026-02-03", "until": "2026-02-01"}, "before the first one"),
    ],
)
def test_a_day_that_is_none_is_said_to_be_so_and_nothing_is_lost(
    typed: dict[str, str], says: str, client: Client, db: None
) -> None:
    response = client.get("/search/", {"q": "snow", **typed})
    assertContains(response, says, status_code=422)
    assertContains(response, 'value="snow"', status_code=422)


def test_what_was_found_is_marked_in_the_words_of_the_report_and_nothing_else_is_markup(report, client: Client) -> None:
    report(
        "A <b>café</b> & roads", "Long ago. " * 40 + "He said: 3 < 4 roads &amp; one road to a cafe. " + "After. " * 60
    )
    page = client.get("/search/", {"q": "cafe road"}).content.decode()
    assert "A &lt;b&gt;<mark>café</mark>&lt;/b&gt; &amp; <mark>roads</mark>" in page
    assert "… " in page
    assert "3 &lt; 4 <mark>roads</mark> &amp; one <mark>road</mark> to a <mark>cafe</mark>. After." in page

    marked = re.findall("<mark>(.*?)</mark>", client.get("/search/", {"q": '"one road"'}).content.decode())
    assert marked == ["one", "road"]


def test_an_excerpt_shows_no_more_than_everybody_may_read(draft: Article, client: Client) -> None:
    draft.supporters_first, draft.search_headline = 24, "An early winter"
    draft.save()
    for place in range(4):
        words = f"<p>Paragraph {place} names the glacier.</p>"
        Text.objects.create(parent=draft, region="body", ordering=20 + place, content=words)
    workflow.publish(draft, by=None)
    page = client.get("/search/", {"q": "winter"})
    assertContains(page, "Snow came early")
    assertNotContains(page, "Paragraph 3")


def test_urdu_is_marked_with_its_vowel_signs_and_says_its_language(report, client: Client) -> None:
    report("وادی میں بَرف گری", language="ur")
    response = client.get("/search/", {"q": "برف"})
    assertContains(response, "<mark>بَرف</mark>")
    assertContains(response, '<h3 class="card-headline" lang="ur" dir="auto">')


def test_help_where_nothing_is_found(report, client: Client) -> None:
    report("Snow")
    response = client.get("/search/", {"q": '"zebra crossing" -snow', "section": "kashmir"})
    assertContains(response, "Nothing was found")
    assertContains(response, 'href="?q=zebra%20crossing%20-snow"')
    assertContains(response, "Search the whole site")
    assertContains(response, "/latest/")
    only_left_out = client.get("/search/", {"q": "-snow"})
    assertContains(only_left_out, "Please write also what to look for, not only what to leave out")


ODD = [
    "",
    " ",
    '"',
    '""',
    "-",
    '-"',
    "--",
    "'",
    "''a'':*",
    "a:* & !b | (c <-> d)",
    "!!! ((( &&& |||",
    "\\",
    "%",
    "%s %(x)s",
    "<script>alert(1)</script>",
    "NUL\0inside",
    "\ud800",
    "\u202eabc\u202c",
    "\u200f",
    "😀😀",
    "a" * 10_000,
    "word " * 2_000,
    '"' * 10_000,
    "-x " * 3_000,
    "پ" * 5_000,
    "ﷺ" * 300,
    "the",
    "a@b.example https://x.example/a?b=c#d",
    "1,200.50 -3e5 +7",
    "\ue000x\ue001",
]


@pytest.mark.parametrize("typed", ODD)
@pytest.mark.parametrize("order", ["best", "newest"])
def test_odd_words_are_never_an_error(typed: str, order: str, report, client: Client) -> None:
    report("Snow 😀", "It is \ue000odd\ue001 & 3 < 4: a@b.example")
    raw = typed.encode("utf-8", "surrogatepass")
    response = client.generic(
        "GET", "/search/", QUERY_STRING=f"order={order}&q=" + "".join(f"%{byte:02x}" for byte in raw)
    )
    assert response.status_code == 200
    assertNotContains(response, "<script>alert")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_whatever_is_typed_becomes_a_query_that_postgres_reads(typed: str, db: None) -> None:
    query = parse(typed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsquery, %s::tsquery", [query.tsquery, query.words])


LETTERS = st.characters(max_codepoint=0x6FF, exclude_characters="\0", exclude_categories=["Cs", "Cn", "Co"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(LETTERS, max_size=40))
def test_python_folds_as_the_database_does(words: str, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT search_fold(%s)", [words])
        assert cursor.fetchone()[0].lower() == normalize(words)


def test_a_search_costs_at_most_five_queries(
    report, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(25):
        report(f"Snow {number}")
    for order in ("best", "newest"):
        with django_assert_max_num_queries(5):
            client.get("/search/", {"q": "snow", "section": "kashmir", "author": "nuzhat-kralwari", "order": order})


@pytest.mark.parametrize("order", ["best", "newest"])
def test_results_are_read_page_by_page_without_gap_or_repetition(order: str, report, client: Client) -> None:
    for number in range(45):
        report(f"Snow {number}", at=NOW - timedelta(days=number))
    seen: list[str] = []
    address = f"/search/?q=snow&order={order}"
    while address:
        response = client.get(address)
        seen += [result.edition.headline for result in response.context["results"]]
        link = re.search(r'<a class="button" href="(\?[^"]*)">More results', response.content.decode())
        address = f"/search/{link[1].replace('&amp;', '&')}" if link else ""
    assert sorted(seen) == sorted(f"Snow {number}" for number in range(45))
    assertContains(response, "That was all.")


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 40, "1.5", "٢"])
def test_a_page_of_results_that_cannot_be_is_a_404(page: str, report, client: Client) -> None:
    report("Snow")
    assert client.get("/search/", {"q": "snow", "page": page}).status_code == 404


@pytest.fixture
def archive(report) -> None:
    """20,000 reports of a page's length, all of them with the word `valley`, two with `glacier`."""
    first = report("Valley")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO articles_article (headline, slug, standfirst, language, section_id, status, publish_as,"
            " publish_note, preview_key, search_headline, supporters_first, created_at, updated_at)"
            " SELECT 'x', 'x-' || n, 'x', 'en', %s, 'published', '', '', '', '', 0, now(), now()"
            " FROM generate_series(1, 20000) n",
            [first.section_id],
        )
        cursor.execute(
            "INSERT INTO articles_edition (article_id, number, kind, note, live, slug, headline, standfirst,"
            " search_headline, language, section_id, body, text, first_published_at, published_at)"
            " SELECT id, 1, 'new', '', true, slug, 'Report ' || id, '', '', 'en', section_id, repeat(md5(slug), 50),"
            " 'The valley' || CASE WHEN right(slug, 4) = '2000' THEN ' and a glacier' ELSE '' END,"
            " now() - id * interval '1 hour', now() FROM articles_article WHERE slug LIKE 'x-%'"
        )
        cursor.execute("ANALYZE articles_edition")


def _plan(client: Client, q: str) -> str:
    with CaptureQueriesContext(connection) as queries:
        client.get("/search/", {"q": q})
    (sql,) = [query["sql"] for query in queries if "ts_headline" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_many_reports_are_searched_by_index(archive: None, client: Client) -> None:
    rare = _plan(client, "glacier")
    assert "search_indexed" in rare or "ProjectSet" in rare  # a function that knows no other way than the index
    assert "Seq Scan on articles_edition" not in rare
    common = _plan(client, "valley")  # as many as are weighed are read from the newest on
    assert "edition_newest" in common
    assert "Seq Scan on articles_edition" not in common


def test_of_what_many_reports_say_the_newest_are_weighed_and_that_is_said(archive: None, client: Client) -> None:
    assertContains(client.get("/search/", {"q": "valley"}), f"At least {MAX_RANKED} reports")
    last = client.get("/search/", {"q": "valley", "page": str(MAX_RANKED // 20)})
    assertContains(last, f"the newest {MAX_RANKED} reports")
    assert client.get("/search/", {"q": "valley", "page": str(MAX_RANKED // 20 + 1)}).status_code == 404
    assertContains(client.get("/search/", {"q": "glacier"}), "2 reports")
