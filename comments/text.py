"""Turns what somebody typed into HTML (paragraphs, line ends and links alone), and compares words."""

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
_MAX_MARKS = 4  # on one letter: more than any script needs, and too few to cover the line above
_cleaner = nh3.Cleaner(
    tags={"p", "br", "a"}, attributes={"a": {"href"}}, url_schemes={"http", "https"}, link_rel="nofollow ugc noopener"
)


def comment_html(body: str) -> str:
    """Return safe HTML of plain text. Only addresses that begin with http become links."""
    text, end = [], 0
    for found in _LINK.finditer(body := limit_combining_marks(body)):
        address = _without_trailing(found[0])
        shown = _with_ascii_host(address)
        if shown is None:
            continue
        text += [escape(body[end : found.start()]), f'<a href="{escape(shown)}">{escape(shown)}</a>']
        end = found.start() + len(address)
    text.append(escape(body[end:]))
    return _cleaner.clean(linebreaks("".join(text)))


def link_hosts(body: str) -> list[str]:
    """Return the hosts that the text links to, as a browser would ask for them."""
    addresses = (_with_ascii_host(_without_trailing(found)) for found in _LINK.findall(body))
    return [urlsplit(address).hostname or "" for address in addresses if address]


def limit_combining_marks(text: str) -> str:
    """Remove the towers of accents that cover other people's lines."""
    limited, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= _MAX_MARKS:
            limited.append(character)
    return "".join(limited)


def normalize_words(text: str) -> str:
    """Return the text for comparing: normalized as for search, in lower case, without invisible characters."""
    return "".join(character for character in normalize(text.casefold()) if unicodedata.category(character) != "Cf")


def find_phrase(text: str, phrase: str) -> Iterator[int]:
    """Yield the positions of `phrase` in `text` as whole words. Both are normalized."""
    at = text.find(phrase) if phrase else -1
    while at >= 0:
        end = at + len(phrase)
        if not is_word_character(text[at - 1 : at]) and not is_word_character(text[end : end + 1]):
            yield at
        at = text.find(phrase, at + 1)


def contains_phrase(text: str, phrase: str) -> bool:
    return next(find_phrase(text, phrase), None) is not None


def is_word_character(character: str) -> bool:
    """Return True for letters, digits and _, and for signs of a vowel: without them कल would be a word of कला."""
    return character != "" and (character.isalnum() or unicodedata.category(character)[0] == "M" or character == "_")


def phrase_spans(text: str, phrases: Iterable[str]) -> list[tuple[int, int]]:
    """Return start and end of each phrase in a text as typed: whole words, no span within another."""
    letters = [normalize_words(character) for character in text]
    origin = [at for at, letter in enumerate(letters) for _ in letter]
    whole = "".join(letters)
    found: list[tuple[int, int]] = []
    for phrase in map(normalize_words, phrases):
        for at in find_phrase(whole, phrase):
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
    """Return a hash that is the same for the same words, whatever their case and spacing."""
    return md5("".join(normalize_words(body).split()).encode(), usedforsecurity=False).hexdigest()


def _without_trailing(address: str) -> str:
    """Return the link without the sentence's end or the bracket that follows it."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def _with_ascii_host(address: str) -> str | None:
    """Return the address with its host in ASCII (xn--…), so that no letter passes for another; None if it is none."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if "." not in host or parts.username is not None or parts.password is not None:
        return None
    return parts._replace(scheme=parts.scheme.lower(), netloc=host + port).geturl()
