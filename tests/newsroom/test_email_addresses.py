"""One person is one person, however the address was typed or pasted, and no address is a 500."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains

from articles.models import Edition
from comments.models import Comment, Commenter, Restriction
from comments.posting.identity import commenter_by_email
from newsroom.email_addresses import normalize_email
from newsroom.forms import EmailField
from newsroom.models import User
from subscriptions.admin.manual_gifts import GiftForm

PASSWORD = "blue-houseboat-7"
ONE = "user@example.org"
SAME = [
    "user@example.org\u200f",
    "\u202auser@example.org\u202c",
    "user@exam\u200bple.org",
    "us\u00ader@example.org",
    "\u2068user@example.org\u2069 ",
    "user\ufe0f@example.org",
    "\ufeffuser@example.org",
    " User@EXAMPLE.org\u00a0",
    "user@ｅｘａｍｐｌｅ。org",
    "user@example.org\x00",
]
IDN = "user@xn--mnchen-3ya.example"
REFUSED = [
    "user@example.org\u200f@",
    f"user@{'é' * 64}.example",
    f"user@{'e' * 64}.example",
    "user@exa\ud800mple",
    "user@[127.0.0.1]",
    "user@ex ample.org",
    "user@..",
    "user@xn--\u0661.example",
    "ｕｓｅｒ@example.org",
    "u\u0131ser@example.org",
    "user@a\u0644.example",  # both directions in one label
    f"{'u' * 250}@example.org",
    "x" * 100_000,
    "🙂@🙂",
]


@pytest.mark.parametrize("text", SAME)
def test_what_looks_the_same_is_the_same(text: str) -> None:
    assert EmailField().clean(text) == ONE


@pytest.mark.parametrize("text", ["user@München.example", "user@mu\u0308nchen.EXAMPLE", IDN.upper()])
def test_a_domain_has_one_spelling(text: str) -> None:
    assert EmailField().clean(text) == IDN


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(forms.ValidationError, match="e-mail address"):
        EmailField().clean(text)


@given(st.text())
def test_to_normalize_again_changes_nothing(text: str) -> None:
    once = normalize_email(text)
    assert normalize_email(once) == once


def test_every_form_of_the_admin_reads_addresses_alike(rf: RequestFactory, publisher: User) -> None:
    request = rf.get("/")
    request.user = publisher
    admins = [each for each in admin.site._registry.values() if each.has_add_permission(request)]
    types: list[Any] = [GiftForm, *(each.get_form(request, obj) for each in admins for obj in (None, each.model()))]
    fields = [field for form in types for field in form.base_fields.values() if isinstance(field, forms.EmailField)]
    assert len(fields) > 1
    assert all(isinstance(field, EmailField) for field in fields)


def _comment(client: Client, email: str, edition: Edition) -> Any:
    token = client.get("/overlay/").json()["token"]
    data = {"name": "Xx", "email": email, "body": f"I ask {email!r}.", "csrfmiddlewaretoken": token}
    return client.post(f"{edition.get_absolute_url()}comments/", data)


DOORS: dict[str, Callable[[Client, str, Edition], Any]] = {
    "comment": _comment,
    "sign in": lambda client, email, _: client.post("/accounts/login/", {"login": email, "password": PASSWORD}),
    "sign up": lambda client, email, _: client.post("/accounts/signup/", {"email": email, "password1": PASSWORD}),
    "code": lambda client, email, _: client.post("/accounts/login/code/", {"email": email}),
    "new password": lambda client, email, _: client.post("/accounts/password/reset/", {"email": email}),
    "another address": lambda client, email, _: client.post("/accounts/email/", {"email": email, "action_add": ""}),
}


def _client(door: str) -> Client:
    """Return a client that has just signed in, where the door asks for that."""
    client = Client()
    if door == "another address":
        person = User.objects.create_user("me@example.org", PASSWORD)
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("door", DOORS)
def test_every_door_knows_the_person(door: str, edition: Edition) -> None:
    """Their address is copied with a mark of direction, and in capitals."""
    known = door in ("sign in", "code", "new password")
    if known:
        person = User.objects.create_user(IDN, PASSWORD)
        EmailAddress.objects.create(user=person, email=IDN, primary=True, verified=True)
    client = _client(door)
    mail.outbox.clear()
    assert DOORS[door](client, "\u202aUser@MÜNCHEN.example\u202c", edition).status_code == 302
    if door == "comment":
        assert Commenter.objects.get().email == IDN
        assert commenter_by_email(IDN) == Commenter.objects.get()
    elif door == "sign in":
        assert client.session["_auth_user_id"] == str(person.pk)
    else:
        assert mail.outbox[-1].to == [IDN]
        assert "no account" not in str(mail.outbox[-1].body)


@pytest.mark.parametrize("door", DOORS)
def test_no_door_breaks_at_an_address(door: str, edition: Edition) -> None:
    client = _client(door)
    for text in (each for each in REFUSED if "\ud800" not in each):  # no browser can send that
        cache.clear()
        response = DOORS[door](client, text, edition)
        assert response.status_code in (200, 422)
        assertContains(response, "e-mail address", status_code=response.status_code)
    assert not Comment.objects.exists()


def test_a_domain_is_restricted_in_either_spelling(publisher: User) -> None:
    for domain in ("@München.example", "xn--mnchen-3ya.EXAMPLE\u200f"):
        restriction = Restriction(domain=domain)
        restriction.clean()
        assert restriction.domain == "xn--mnchen-3ya.example"
        assert restriction.concerns(commenter_by_email("somebody@mail.münchen.example"))


def test_the_migration_normalizes_what_was_stored_before(reader: User) -> None:
    for number, email in enumerate(("a@münchen.example", "b@münchen.example", IDN.replace("user", "b"))):
        person = User.objects.create(email=f"{number}@example.org")
        User.objects.filter(pk=person.pk).update(email=email)
        EmailAddress.objects.create(user=person, email=email, primary=True)
    import_module("newsroom.migrations.0012_normalized_addresses").normalize(apps, None)
    stored = set(User.objects.exclude(pk=reader.pk).values_list("email", flat=True))
    assert stored == {"a@xn--mnchen-3ya.example", "b@xn--mnchen-3ya.example", "b@münchen.example"}
    assert EmailAddress.objects.filter(email="a@xn--mnchen-3ya.example").exists()
