"""Recognises who writes: a person who is signed in, a guest whom this device knows, or nobody."""

import time
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from comments.models import Commenter, NetworkKey, Report, domain_hashes, email_hash, email_hashes
from comments.moderation import transitions
from newsroom.encryption import seal, unseal
from newsroom.http import client_network
from newsroom.models import User

GUEST_COOKIE = "guest"  # encrypted: it tells whoever finds the device no name
HINT_COOKIE = "known"  # tells the pages' script that there is somebody, and nothing else
COOKIE_MAX_AGE = 365 * 24 * 3600  # seconds
_SALT = "comments.guest"
_NETWORK_PURPOSE = "comments.network"


@dataclass(frozen=True)
class KnownWriter:
    """A writer whose identity is confirmed. `name` is empty for a person who never gave one."""

    commenter: Commenter
    name: str
    user: User | None = None


def known_writer(request: HttpRequest) -> KnownWriter | None:
    """Return the person of the session, else the guest of the cookie."""
    if request.user.is_authenticated:
        return KnownWriter(commenter_of(request.user), request.user.name, request.user)
    return known_guest(request)


def known_guest(request: HttpRequest) -> KnownWriter | None:
    """Return the guest of the cookie, unless they have an account by now: a sign-out must end what the cookie opens."""
    cookie = request.COOKIES.get(GUEST_COOKIE, "")
    try:
        pk, name, made_at = unseal(_SALT, cookie)
    except (ValueError, TypeError):
        try:  # the cookies of versions before December 2026, which anybody can read who finds the device
            pk, name = signing.loads(cookie, salt=_SALT, max_age=COOKIE_MAX_AGE)
        except (signing.BadSignature, ValueError, TypeError):
            return None
    else:
        if made_at < time.time() - COOKIE_MAX_AGE:
            return None
    commenter = Commenter.objects.filter(pk=pk, verified_at__isnull=False, user=None).first()
    return KnownWriter(commenter, name) if commenter else None


def commenter_of(user: User) -> Commenter:
    """Return a person's commenter. What a guest wrote with the person's present address is theirs too."""
    own = Commenter.objects.filter(user=user).first()
    if own is not None and own.email_hash == email_hash(user.email):
        return own
    return _claim_address(user)


@transaction.atomic
def _claim_address(user: User) -> Commenter:
    """Join a person and what was written with their address: at the first comment, and after a change of address."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a second request waits, and finds the first's result
    at_address = commenter_by_email(user.email)
    own = Commenter.objects.filter(user=user).first()
    if own is None:
        at_address.user, at_address.email = user, ""
        at_address.verified_at = at_address.verified_at or timezone.now()
        at_address.save(update_fields=["user", "email", "verified_at"])
        return at_address
    if own != at_address:
        list(Commenter.objects.filter(pk__in=[own.pk, at_address.pk]).order_by("pk").select_for_update())
        transitions.lock_all(at_address.comments.all())
        _merge(at_address, into=own)
    return own


def _merge(guest: Commenter, *, into: Commenter) -> None:
    """Move all that a guest wrote, and the address itself, to a person."""
    guest.comments.update(commenter=into)
    guest.follows.update(commenter=into)
    guest.restrictions.update(commenter=into)
    reported = Report.objects.filter(commenter=into).values("comment")
    Report.objects.filter(commenter=guest).exclude(comment__in=reported).update(commenter=into)
    guest.delete()
    into.email_hash = guest.email_hash
    into.save(update_fields=["email_hash"])


def commenter_by_email(email: str) -> Commenter:
    """Return the commenter of an address, a new one if need be. That somebody typed it says nothing of who they are.

    The queries are the same whether the address is known or not, so that nobody learns it by the time they take.
    What was stored under a former secret key is stored under the present one from here on.
    """
    hashes, domains = email_hashes(email), domain_hashes(email)
    Commenter.objects.bulk_create([Commenter(email_hash=hashes[0], domains=domains)], ignore_conflicts=True)
    stored = list(Commenter.objects.select_related("user").filter(email_hash__in=hashes).order_by("pk"))
    if not stored:  # they were erased a moment ago
        return Commenter.objects.create(email_hash=hashes[0], domains=domains)
    found, *others = stored
    if others:  # under a former key, and the row that was made a moment ago
        Commenter.objects.filter(pk__in=[other.pk for other in others]).delete()
    if found.user is not None and not found.has_address(found.user.email):
        # They have another address since, and this one is free, or somebody else's.
        Commenter.objects.filter(pk=found.pk).update(email_hash=email_hash(f"formerly of {found.user_id}"))
        return Commenter.objects.create(email_hash=hashes[0], domains=domains)
    if found.email_hash != hashes[0] or not found.domains:  # domains are missing from the oldest rows
        found.email_hash, found.domains = hashes[0], domains
        found.save(update_fields=["email_hash", "domains"])
    return found


def set_guest_cookies(response: HttpResponse, request: HttpRequest, commenter: Commenter, name: str) -> None:
    """Let this device know the guest from now on. Only ever on a private response."""
    value = seal(_SALT, [commenter.pk, name, int(time.time())])
    for cookie, content, hidden in ((GUEST_COOKIE, value, True), (HINT_COOKIE, "1", False)):
        response.set_cookie(
            cookie, content, max_age=COOKIE_MAX_AGE, httponly=hidden, secure=request.is_secure(), samesite="Lax"
        )


def delete_guest_cookies(response: HttpResponse) -> None:
    for cookie in (GUEST_COOKIE, HINT_COOKIE):
        response.delete_cookie(cookie, samesite="Lax")


def network_hashes(request: HttpRequest) -> list[str]:
    """Return all hashes under which the request's network may be stored, the one to store first; "" if it has none.

    Each begins with the number of its day's key. The last ones are those of versions before December 2026.
    """
    hashes = [
        f"{key.pk}.{hashed}"[:64]
        for key in NetworkKey.current()
        for hashed in client_network.client_network_hashes(request, purpose=f"{_NETWORK_PURPOSE}.{key.secret}")
    ]
    return [*hashes, *client_network.client_network_hashes(request, purpose=_NETWORK_PURPOSE)] or [""]
