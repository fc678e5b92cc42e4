"""Fixtures and helpers: comments, writers and devices."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from articles.models import Edition
from comments.models import Comment, Commenter, Follow, Policy
from comments.models.identifiers import stored_domain_hashes
from comments.moderation import transitions
from comments.moderation.context import load_context
from comments.posting import identity
from comments.posting.identity import KnownWriter
from newsroom.models import User

Write = Callable[..., Comment]


@pytest.fixture
def write(edition: Edition) -> Write:
    """Store a comment by a confirmed guest, in any status."""

    def write(
        body: str = "I walked that road.",
        *,
        status: str = "pending",
        parent: Comment | None = None,
        name: str = "Haseena",
    ) -> Comment:
        comment = Comment(
            article=edition.article,
            edition_number=1,
            commenter=confirmed_guest(f"{name.lower()}@example.org"),
            name=name,
            body=body,
            parent=parent,
            root_id=(parent.root_id or parent.pk) if parent else None,
        )
        comment.confirmed_at = comment.created_at
        transitions.add_comment(comment, status)
        return comment

    return write


def confirmed_guest(email: str) -> Commenter:
    commenter = identity.commenter_by_email(email)
    if commenter.verified_at is None:
        Commenter.objects.filter(pk=commenter.pk).update(verified_at="2026-01-01T00:00Z")
        commenter.refresh_from_db()
    return commenter


def known_client(email: str = "haseena@example.org", name: str = "Haseena") -> Client:
    """Return the device of a guest whose address is confirmed."""
    client = Client(enforce_csrf_checks=True)
    client.cookies[identity.GUEST_COOKIE] = cookie(confirmed_guest(email), name)
    return client


def cookie(commenter: Commenter, name: str) -> str:
    response = HttpResponse()
    identity.set_guest_cookies(response, RequestFactory().get("/"), commenter, name)
    return str(response.cookies[identity.GUEST_COOKIE].value)


def trusted(email: str = "haseena@example.org") -> Commenter:
    """Return a confirmed guest with three approved comments of long ago."""
    commenter = confirmed_guest(email)
    first = Edition.objects.live().first()
    assert first is not None
    for number in range(3):
        comment = Comment(
            article=first.article, edition_number=1, commenter=commenter, name="Haseena", body=f"Earlier {number}."
        )
        comment.created_at = comment.confirmed_at = first.first_published_at - timedelta(days=365)
        transitions.add_comment(comment, "approved")
    return commenter


def is_trusted(commenter: Commenter) -> bool:
    return load_context(commenter, article=0, body="").trusted


def known(commenter: Commenter, name: str = "Haseena", user: User | None = None) -> KnownWriter:
    return KnownWriter(commenter, name, user)


def token(client: Client) -> dict[str, str]:
    """Return what the page's script puts into a form."""
    return {"csrfmiddlewaretoken": str(client.get("/overlay/").json()["token"]), "stamp": an_old_stamp()}


def an_old_stamp() -> str:
    return _LongAgo(salt="comments.form").sign("form")


class _LongAgo(signing.TimestampSigner):
    def timestamp(self) -> str:
        return signing.b62_encode(1_700_000_000)


@contextmanager
def no_mail_server(settings: Settings) -> Iterator[None]:
    """Use SMTP, to a port where nothing listens."""
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    yield
    settings.EMAIL_BACKEND = backend


@contextmanager
def new_secret_key(settings: Settings) -> Iterator[None]:
    """Act as after a restart with a new key, and the former one as a fallback."""
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "k" * 50, [former]
    stored_domain_hashes.cache_clear()
    yield
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = former, []
    stored_domain_hashes.cache_clear()


@pytest.fixture
def policy(db: None) -> Policy:
    return Policy.objects.get()


@pytest.fixture
def followed(write: Write) -> Comment:
    comment = write("Tell me.", status="approved")
    Commenter.objects.update(email="haseena@example.org")
    Follow.objects.create(comment=comment, commenter=comment.commenter)
    return comment
