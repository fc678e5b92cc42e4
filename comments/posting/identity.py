"""Who is there: a person who is signed in, a guest whom this device knows, or somebody we cannot know."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from comments.models import Commenter, domain_hashes, email_hash
from comments.models.identifiers import NETWORK
from comments.moderation import transitions
from newsroom.http import client_network
from newsroom.models import User

COOKIE = "guest"  # signed, and for the server alone
MARKER = "known"  # tells the pages' script that there is somebody, and nothing else
A_YEAR = 365 * 24 * 3600
_SALT = "comments.guest"


@dataclass(frozen=True)
class Known:
    """A writer whose identity is confirmed. `name` is empty for a person who never gave one."""

    commenter: Commenter
    name: str
    user: User | None = None


def known(request: HttpRequest) -> Known | None:
    """The person of the session, else the guest of the cookie."""
    if request.user.is_authenticated:
        return Known(commenter_of(request.user), request.user.name, request.user)
    return known_guest(request)


def known_guest(request: HttpRequest) -> Known | None:
    try:
        pk, name = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=A_YEAR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    # Whoever has an account since signs in: a cookie of before must not outlast a sign-out.
    commenter = Commenter.objects.filter(pk=pk, verified_at__isnull=False, user=None).first()
    return Known(commenter, name) if commenter else None


def commenter_of(user: User) -> Commenter:
    """A person's own, with all that was written as a guest with the address that is theirs now: having it claims it."""
    own = Commenter.objects.filter(user=user).first()
    if own is not None and own.email_hash == email_hash(user.email):
        return own
    return _claim(user)


@transaction.atomic
def _claim(user: User) -> Commenter:
    """At a person's first comment, and after each change of their address."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two requests at once: the second finds the first's
    at_address = guest(user.email)
    own = Commenter.objects.filter(user=user).first()
    if own is None:
        at_address.user, at_address.email = user, ""
        at_address.verified_at = at_address.verified_at or timezone.now()
        at_address.save(update_fields=["user", "email", "verified_at"])
        return at_address
    if own != at_address:
        list(Commenter.objects.filter(pk__in=[own.pk, at_address.pk]).order_by("pk").select_for_update())
        transitions.lock_all(at_address.comments.all())
        own.take_over(at_address)
    return own


def guest(email: str) -> Commenter:
    """Whoever an address belongs to. That somebody typed it says nothing of who they are."""
    found: dict[str, Any] = {"email_hash": email_hash(email), "defaults": {"domains": domain_hashes(email)}}
    commenter, made = Commenter.objects.select_related("user").get_or_create(**found)
    if commenter.user is not None and email_hash(commenter.user.email) != commenter.email_hash:
        # They have another address since, and this one is free, or somebody else's.
        Commenter.objects.filter(pk=commenter.pk).update(email_hash=email_hash(f"formerly of {commenter.user_id}"))
        commenter, made = Commenter.objects.get_or_create(**found)
    if not made and not commenter.domains:  # of before they were kept
        commenter.domains = domain_hashes(email)
        commenter.save(update_fields=["domains"])
    return commenter


def remember(response: HttpResponse, request: HttpRequest, commenter: Commenter, name: str) -> None:
    """Keep the guest known on this device. Only ever on a private answer."""
    value = signing.dumps([commenter.pk, name], salt=_SALT)
    for cookie, content, hidden in ((COOKIE, value, True), (MARKER, "1", False)):
        response.set_cookie(
            cookie, content, max_age=A_YEAR, httponly=hidden, secure=request.is_secure(), samesite="Lax"
        )


def forget(response: HttpResponse) -> None:
    for cookie in (COOKIE, MARKER):
        response.delete_cookie(cookie, samesite="Lax")


def network_of(request: HttpRequest) -> str:
    """The keyed hash of the network a request comes from."""
    return client_network.client_network_hash(request, purpose=NETWORK)
