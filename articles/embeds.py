"""Embeds: posts, films and maps at other sites. A page shows a card, and loads nothing from there before a click.

Each provider's frame is the one that its own documentation names for embedding without a script in our page.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

PROVIDERS = "YouTube, X, Instagram, Facebook, Google Maps or OpenStreetMap"
# What the policy of a page with an embed allows in frames (articles/views/article.py).
FRAMES = [
    "https://www.youtube-nocookie.com",
    "https://platform.twitter.com",
    "https://www.instagram.com",
    "https://www.facebook.com",
    "https://www.google.com",
    "https://www.openstreetmap.org",
]
MARKER = "data-embed="  # in the HTML of a body with an embed: templates/articles/blocks/embed.html
_ID = re.compile(r"[A-Za-z0-9_-]{5,64}")
_COORDINATE = r"(-?\d{1,3}(?:\.\d+)?)"


@dataclass(frozen=True)
class EmbedCard:
    """`frame`: the address that a click loads; `shape`: film, post or map, for the space that the page reserves."""

    provider: str
    frame: str
    shape: str


def embed_card(address: str) -> EmbedCard | None:
    """Return the card of an address; None unless it is a single post, film or map at one of PROVIDERS."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("mobile.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    path = [part for part in parts.path.split("/") if part]
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    match host:
        case "youtube.com" | "youtube-nocookie.com" | "youtu.be":
            return _youtube(host, path, query)
        case "twitter.com" | "x.com":
            return _x(path)
        case "instagram.com":
            return _instagram(path)
        case "facebook.com" | "fb.watch":
            return _facebook(host, path, query, address)
        case "google.com" | "maps.google.com" | "google.co.in":
            return _google_map(host, parts.path, query)
        case "openstreetmap.org":
            return _openstreetmap(parts.fragment, query)
    return None


def _youtube(host: str, path: list[str], query: dict[str, str]) -> EmbedCard | None:
    if host == "youtu.be":
        film = path[0] if path else ""
    elif path and path[0] in ("shorts", "embed", "live"):
        film = path[1] if len(path) > 1 else ""
    else:
        film = query.get("v", "") if path == ["watch"] else ""
    if not _ID.fullmatch(film):
        return None
    return EmbedCard("YouTube", f"https://www.youtube-nocookie.com/embed/{film}", "film")


def _x(path: list[str]) -> EmbedCard | None:
    if len(path) < 3 or path[1] != "status" or not re.fullmatch(r"\d{1,25}", path[2]):
        return None
    return EmbedCard("X", f"https://platform.twitter.com/embed/Tweet.html?dnt=true&id={path[2]}", "post")


def _instagram(path: list[str]) -> EmbedCard | None:
    if len(path) == 3:  # /<name>/p/<code>/
        path = path[1:]
    if len(path) != 2 or path[0] not in ("p", "reel", "tv") or not _ID.fullmatch(path[1]):
        return None
    return EmbedCard("Instagram", f"https://www.instagram.com/{path[0]}/{path[1]}/embed/", "post")


def _facebook(host: str, path: list[str], query: dict[str, str], address: str) -> EmbedCard | None:
    film = host == "fb.watch" or path[:1] in (["watch"], ["reel"]) or path[1:2] == ["videos"]
    one = film or path[1:2] in (["posts"], ["photos"]) or path[:1] in (["permalink.php"], ["photo"], ["photo.php"])
    if not path or not one or (path == ["watch"] and "v" not in query):
        return None
    kind = "video" if film else "post"
    frame = f"https://www.facebook.com/plugins/{kind}.php?href={quote(address, safe='')}"
    return EmbedCard("Facebook", frame, "film" if film else "post")


def _google_map(host: str, path: str, query: dict[str, str]) -> EmbedCard | None:
    if host != "maps.google.com" and not path.startswith("/maps"):
        return None
    at = re.search(rf"@{_COORDINATE},{_COORDINATE}", path)
    named = re.match(r"/maps/(?:place|search)/([^/@]+)", path)
    place = (
        query.get("q") or (unquote(named[1].replace("+", " ")) if named else "") or (f"{at[1]},{at[2]}" if at else "")
    )
    if not place:
        return None
    return EmbedCard("Google Maps", f"https://www.google.com/maps?output=embed&q={quote(place, safe=',')}", "map")


def _openstreetmap(fragment: str, query: dict[str, str]) -> EmbedCard | None:
    at = re.search(rf"map=(\d{{1,2}})/{_COORDINATE}/{_COORDINATE}", fragment)
    if not at:
        return None
    zoom, latitude, longitude = int(at[1]), float(at[2]), float(at[3])
    if abs(latitude) > 85 or abs(longitude) > 180:
        return None
    wide = 360 / 2**zoom  # degrees: about what a map of 256 pixels shows at this zoom
    box = f"{longitude - wide:.5f},{latitude - wide / 2:.5f},{longitude + wide:.5f},{latitude + wide / 2:.5f}"
    frame = f"https://www.openstreetmap.org/export/embed.html?bbox={quote(box)}"
    if (
        "mlat" in query
        and "mlon" in query
        and re.fullmatch(f"{_COORDINATE},{_COORDINATE}", f"{query['mlat']},{query['mlon']}")
    ):
        frame += f"&marker={query['mlat']},{query['mlon']}"
    return EmbedCard("OpenStreetMap", frame, "map")
