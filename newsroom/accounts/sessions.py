"""Where people are signed in."""

from typing import Any

from allauth.usersessions.models import UserSession

from newsroom.models import User

NO_NETWORK = "0.0.0.0"  # noqa: S104  (nothing listens there: it stands for "not kept")


def end_sessions(person: User) -> None:
    """Sign them out wherever they are signed in."""
    for session in UserSession.objects.filter(user=person):
        session.end()


# What a browser calls itself, and what people call it; the first that fits.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "UCBrowser": "UC Browser"}
BROWSERS |= {"Firefox": "Firefox", "FxiOS": "Firefox", "Chrom": "Chrome", "CriOS": "Chrome", "Safari": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac"}
SYSTEMS |= {"CrOS": "ChromeOS", "Linux": "Linux"}


def minimize_session(sender: type[UserSession], instance: UserSession, **kwargs: Any) -> None:
    """Before a session is written down: its owner is to know it again, and nobody else to learn where they were."""
    instance.ip = NO_NETWORK
    agent = instance.user_agent
    browser = next((name for sign, name in BROWSERS.items() if sign in agent or name in agent), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent or name in agent), "some device")
    instance.user_agent = f"{browser} on {system}"
