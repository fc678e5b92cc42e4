"""Error pages have the outlet's look and help the reader on."""

import pytest
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains

from articles.models import Edition
from articles.publishing import workflow
from newsroom import urls as root


def test_an_unknown_address_leads_to_search_and_to_what_is_new(
    edition: Edition, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        response = client.get("/articles/unknown/")
    assertContains(response, 'action="/search/"', status_code=404)
    assertContains(response, edition.headline, status_code=404)
    assert not response.cookies


def test_a_withdrawn_report_leads_there_too(edition: Edition, client: Client) -> None:
    workflow.withdraw(edition.article, by=None, expected="published", reason="It was wrong.")  # type: ignore[arg-type]
    response = client.get(edition.get_absolute_url())
    assertContains(response, "It was wrong.", status_code=410)
    assertContains(response, 'action="/search/"', status_code=410)


ERRORS = {
    "away": OperationalError("the database is away"),
    "query": DatabaseError("a broken query"),
    "ours": ValueError("a mistake of ours"),
}


def _fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


urlpatterns = [path("fail/<str:kind>/", _fail)]
handler500 = root.handler500


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("away", 503, "We shall be back in a moment"),
        ("query", 500, "Something went wrong on our side"),
        ("ours", 500, "Something went wrong on our side"),
    ],
)
def test_what_is_broken_is_told_without_the_database(kind: str, status: int, words: str) -> None:
    """Fail if the page uses the database, which this test may not."""
    response = Client(raise_request_exception=False).get(f"/fail/{kind}/")
    assertContains(response, words, status_code=status)
    assertContains(response, "css/site", status_code=status)
    assert response["Cache-Control"] == "no-store"
    assert response.get("Retry-After") == ("30" if status == 503 else None)
    assert not response.cookies


def test_who_tries_too_often_is_told_to_wait(client: Client, db: None) -> None:
    for _ in range(30):
        response = client.post("/accounts/password/reset/", {"email": "somebody@example.org"})
        if response.status_code == 429:
            break
    assertContains(response, "That was too often, too fast", status_code=429)
    assertContains(response, "The Valley Ledger", status_code=429)
