"""What becomes of the text that somebody typed: paragraphs, line ends, links, and nothing else."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from hashlib import md5
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape, linebreaks

from articles.search.normalize import normalize

_LINK = re.compile(r"https?://[^\s<>\"'`\u2066-\u2069]+", re.IGNORECASE)
_TRAILING = ".,;:!?'\"…)]}»”’"
_MARKS = 4  # on one letter: more than any script of this world needs, and too few to climb over the line above
_cleaner = nh3.Cleaner(
    tags={"p", "br", "a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel="nofollow ugc noopener"
)


def comment_html(body: str) -> str:
    """Safe HTML of plain text. Addresses that begin with http are links, whatever else looks like one is text."""
    text, end = [], 0
    for found in _LINK.finditer(body := limit_combining_marks(body)):
        address = _without_trailing(found[0])
        shown = _ascii(address)
        if shown is None:
            continue
        text += [escape(body[end : found.start()]), f'<a href="{escape(shown)}">{escape(shown)}</a>']
        end = found.start() + len(address)
    text.append(escape(body[end:]))
    return _cleaner.clean(linebreaks("".join(text)))


def links(body: str) -> list[str]:
    """The hosts that the text links to, as a browser would ask for them."""
    addresses = (_ascii(_without_trailing(found)) for found in _LINK.findall(body))
    return [urlsplit(address).hostname or "" for address in addresses if address]


def limit_combining_marks(text: str) -> str:
    """Without the towers of accents that cover other people's lines."""
    calmed, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= _MARKS:
            calmed.append(character)
    return "".join(calmed)


def normalize_words(text: str) -> str:
    """For comparing words: as search folds them (accents, vowel signs, variants of letters), and nothing invisible."""
    return "".join(character for character in normalize(text.casefold()) if unicodedata.category(character) != "Cf")


def places(text: str, phrase: str) -> Iterator[int]:
    """Where `phrase` begins in `text` as whole words. Both are folded."""
    at = text.find(phrase) if phrase else -1
    while at >= 0:
        end = at + len(phrase)
        if not is_of_a_word(text[at - 1 : at]) and not is_of_a_word(text[end : end + 1]):
            yield at
        at = text.find(phrase, at + 1)


def has_words(text: str, phrase: str) -> bool:
    return next(places(text, phrase), None) is not None


def is_of_a_word(character: str) -> bool:
    """Signs of a vowel count too: without them कल would be a word of कला."""
    return character != "" and (character.isalnum() or unicodedata.category(character)[0] == "M" or character == "_")


def spans(text: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    """From where to where the phrases stand in a text that is not folded: whole words, none within another."""
    letters = [normalize_words(character) for character in text]
    origin = [at for at, letter in enumerate(letters) for _ in letter]
    whole = "".join(letters)
    found: list[tuple[int, int]] = []
    for phrase in map(normalize_words, phrases):
        for at in places(whole, phrase):
            end = origin[at + len(phrase) - 1] + 1
            while end < len(text) and not letters[end]:  # an accent stays with its letter
                end += 1
            found.append((origin[at], end))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


def fingerprint(body: str) -> str:
    """The same for the same words, however they are spaced and written large."""
    return md5("".join(normalize_words(body).split()).encode(), usedforsecurity=False).hexdigest()


def _without_trailing(address: str) -> str:
    """A link at the end of a sentence, or in brackets, ends before them."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _ascii(address: str) -> str | None:
    """The address with its host as it is asked for (xn--…), so that no letter passes for another. None: no address."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if "." not in host or parts.username is not None or parts.password is not None:
        return None
    return parts._replace(scheme=parts.scheme.lower(), netloc=host + port).geturl()
