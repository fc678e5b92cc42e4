"""People's sessions: what a sign-in stores of the device, and how sessions are ended."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from newsroom.accounts.session_store import BEGAN_AT, DEVICE, stored_keys
from newsroom.models import Session, User

# {part of a user agent: the name that people know}; the first that fits counts.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "UCBrowser": "UC Browser"}
BROWSERS |= {"Firefox": "Firefox", "FxiOS": "Firefox", "Chrom": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"}
SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


def begin_session(sender: type[User], request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note in a new session what its owner recognises it by; nobody can learn from it where they were."""
    request.session[DEVICE] = device_in_words(request)
    request.session[BEGAN_AT] = timezone.now().isoformat()


def device_in_words(request: HttpRequest) -> str:
    """Return what the request came from, like "Firefox on Android"."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    browser = next((name for part, name in BROWSERS.items() if part in agent), "A browser")
    system = next((name for part, name in SYSTEMS.items() if part in agent), "some device")
    return f"{browser} on {system}"


def sessions_of(person: User) -> list[Session]:
    """Return where a person is signed in, the oldest first."""
    return list(Session.objects.filter(user=person, expire_date__gt=timezone.now()).order_by("began_at"))


def is_current(session: Session, request: HttpRequest) -> bool:
    """Return True if this is the session of the request."""
    return session.session_key in stored_keys(request.session.session_key or "")


def end_sessions(person: User, *, but: HttpRequest | None = None) -> None:
    """Sign a person out everywhere, but in the session of one request."""
    sessions = Session.objects.filter(user=person)
    if but is not None:
        sessions = sessions.exclude(session_key__in=stored_keys(but.session.session_key or ""))
    sessions.delete()
