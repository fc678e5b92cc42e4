"""What a request may send: how much, and whether files."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.asserts import assertContains

from newsroom.http.request_body import MAX_BODY, MAX_EVENT, REFUSED, RequestBodyMiddleware, max_body, takes_files


@pytest.mark.parametrize(("path", "size"), [("/stripe/webhook/", MAX_EVENT + 1), ("/support/donate/", MAX_BODY + 1)])
def test_what_is_too_large_is_refused_in_words(path: str, size: int) -> None:
    """Fail if the page needs the database, which this test may not use."""
    response = Client().post(path, b"x" * size, content_type="text/plain")
    assertContains(response, "That was too much at once", status_code=413)


@pytest.mark.parametrize("status", [408, 503])
def test_what_the_server_did_not_read_is_said(status: int) -> None:
    request = RequestFactory().post("/support/donate/")
    request.META[REFUSED] = status
    assertContains(RequestBodyMiddleware(_files)(request), "It did not arrive as a whole", status_code=status)


def _files(request: HttpRequest) -> HttpResponse:
    return HttpResponse(",".join([*request.FILES, *request.POST]))


def _sent(path: str) -> str:
    data = {"photo": SimpleUploadedFile("a.jpg", b"x" * 100_000), "amount": "25"}
    return RequestBodyMiddleware(_files)(RequestFactory().post(path, data)).content.decode()


def test_files_are_dropped_where_none_are_taken() -> None:
    assert _sent("/support/donate/") == "amount"
    assert _sent("/admin/articles/photo/upload/") == "photo,amount"
    assert _sent("/accounts/login/") == "amount"


def test_all_pages_of_the_desk_with_a_file_field_take_files_and_no_others() -> None:
    paths = [reverse("admin:articles_photo_upload")]
    for model in admin.site._registry:
        if any(isinstance(field, FileField) for field in model._meta.get_fields()):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            paths += [reverse(f"{name}_add"), reverse(f"{name}_change", args=[7])]
    assert len(paths) > 3
    assert all(takes_files(path) for path in paths)
    assert not takes_files("/admin/articles/article/7/change/")


def test_only_staff_are_waited_for() -> None:
    path = "/admin/articles/photo/upload/"
    assert max_body(path, by_staff=False) == max_body("/support/donate/") == MAX_BODY
    assert max_body(path) > 3 * 25_000_000
