"""Who is there: a person who is signed in, a guest whom this device knows, or somebody we cannot know."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from comments.models import Commenter, email_hash, network_hash
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
    """A person's own, which is also what they wrote as a guest with the same address: signing up claims it."""
    own = Commenter.objects.filter(user=user).first()
    if own is not None:
        return own
    now = timezone.now()
    own, made = Commenter.objects.get_or_create(
        email_hash=email_hash(user.email), defaults={"user": user, "verified_at": now}
    )
    if not made and own.user_id is None:
        own.user, own.email, own.verified_at = user, "", own.verified_at or now
        own.save(update_fields=["user", "email", "verified_at"])
    return own


def guest(email: str) -> Commenter:
    """Whoever an address belongs to. That somebody typed it says nothing of who they are."""
    return Commenter.objects.get_or_create(email_hash=email_hash(email))[0]


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
    """The keyed hash of the network a request comes from; proxies of ours are looked through (TRUSTED_PROXIES)."""
    return network_hash(get_adapter().get_client_ip(request))
