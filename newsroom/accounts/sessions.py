"""People's sessions: ending them, and storing little about them."""

from typing import Any

from allauth.usersessions.models import UserSession

from newsroom.models import User

NO_NETWORK = "0.0.0.0"  # noqa: S104  (nothing listens there: it stands for "not stored")


def end_sessions(person: User) -> None:
    """Sign a person out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


# {part of a user agent: the name that people know}; the first that fits counts.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "UCBrowser": "UC Browser"}
BROWSERS |= {"Firefox": "Firefox", "FxiOS": "Firefox", "Chrom": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"}
SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


def minimize_session(sender: type[UserSession], instance: UserSession, **kwargs: Any) -> None:
    """Reduce a session before it is saved: its owner can recognise it, nobody can learn where they were."""
    instance.ip = NO_NETWORK
    agent = instance.user_agent
    browser = next((name for part, name in BROWSERS.items() if part in agent or name in agent), "A browser")
    system = next((name for part, name in SYSTEMS.items() if part in agent or name in agent), "some device")
    instance.user_agent = f"{browser} on {system}"
