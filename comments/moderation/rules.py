"""What is looked at in every comment. Each rule gives a verdict with its reason, or nothing; all are asked, the worst
verdict holds, and every reason is kept for the moderator. What they know of the database is in the submission's facts.

Staff are not asked. Paying changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from django.utils.timesince import timeuntil

from comments.models import Comment, Commenter, Restriction
from comments.models.policy import Mode
from comments.moderation.context import SPAM_COPIES, ModerationContext
from comments.text import has_words, is_of_a_word, limit_combining_marks, links, normalize_words
from newsroom.models import User

FASTEST = 3  # seconds in which nobody types a comment
LINKS = 1  # that somebody not yet trusted may set
LINKS_OF_ANYBODY = 5
REJECTED_SHARE, REJECTED_AT_LEAST = 0.3, 2
SAME_WORDS_FROM = 20  # characters: "Thank you" is said by many
# Addresses that are thrown away after use. Moderators add others as a restriction of a domain.
_DISPOSABLE = """
10minutemail.com 20minutemail.com dispostable.com emailondeck.com fakeinbox.com getairmail.com getnada.com
guerrillamail.com guerrillamail.info inboxkitten.com mail-temp.com mailcatch.com maildrop.cc mailinator.com
mailnesia.com mailsac.com mintemail.com moakt.com mohmal.com mytemp.email sharklasers.com spamgourmet.com
temp-mail.org tempail.com tempmail.dev tempmail.net tempr.email throwawaymail.com trashmail.com yopmail.com
"""
DISPOSABLE = frozenset(_DISPOSABLE.split())


OFFICES = ("moderator", "editor", "admin", "newsroom", "staff")


class Verdict(IntEnum):
    """From the mildest to the worst."""

    FLAG = 1
    HOLD = 2
    REJECT = 3
    SPAM = 4


@dataclass(frozen=True)
class Hit:
    """`words`: those of the text that the moderator is shown marked."""

    rule: str
    verdict: Verdict
    reason: str
    words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"rule": self.rule, "verdict": self.verdict.name, "reason": self.reason, "words": list(self.words)}


@dataclass(frozen=True)
class Submission:
    """What is judged. What only a form knows is None where a comment is judged again."""

    commenter: Commenter
    body: str
    name: str
    mode: str
    facts: ModerationContext
    user: User | None = None
    trap: str | None = None
    seconds: float | None = None


class Refused(Exception):
    """Not kept, and why, in the reader's words."""


def require_allowed(it: Submission) -> None:
    """Raise Refused where comments are closed, or for a writer who is banned. Staff are not."""
    if it.mode == Mode.CLOSED:
        raise Refused("Comments on this report are closed.")
    if it.user is not None and it.user.is_staff:
        return
    for ban in it.facts.restrictions:
        if ban.kind != Restriction.Kind.BAN or (ban.network and it.facts.trusted):
            continue  # a network is shared: whoever is trusted goes on
        until = f" for {timeuntil(ban.until)}" if ban.until else ""
        because = f" The reason: {ban.reason}" if ban.reason else ""
        raise Refused(f"A moderator has decided that you cannot comment here{until}.{because}")


def judge(submission: Submission) -> list[Hit]:
    """What all rules found, the worst first."""
    if submission.user is not None and submission.user.is_staff:
        return []
    found = [hit for rule in RULES if (hit := rule(submission))]
    return sorted(found, key=lambda hit: -hit.verdict)


def status_after(hits: list[Hit]) -> str:
    """Where a comment of a known writer goes with these."""
    worst = max((hit.verdict for hit in hits), default=Verdict.FLAG)
    return {
        Verdict.FLAG: Comment.Status.APPROVED,
        Verdict.HOLD: Comment.Status.PENDING,
        Verdict.REJECT: Comment.Status.REJECTED,
        Verdict.SPAM: Comment.Status.SPAM,
    }[worst]


def trap(it: Submission) -> Hit | None:
    """A field that people do not see. A browser that fills in forms may, so the comment can be brought back."""
    return Hit("trap", Verdict.SPAM, "filled in a field that people do not see") if it.trap else None


def pace(it: Submission) -> Hit | None:
    """The time since the form was given out, signed. A page from a cache has none; the step that sends has."""
    if it.seconds is None or it.seconds >= FASTEST:
        return None
    return Hit("pace", Verdict.HOLD, "sent faster than anybody types")


def links_set(it: Submission) -> Hit | None:
    hosts = links(it.body)
    if odd := tuple(host for host in hosts if "xn--" in host):
        return Hit("links", Verdict.HOLD, f"a link whose name has foreign letters: {', '.join(odd)}", odd)
    if len(hosts) > (LINKS_OF_ANYBODY if it.facts.trusted else LINKS):
        return Hit("links", Verdict.HOLD, f"{len(hosts)} links", tuple(hosts))
    return None


def terms(it: Submission) -> Hit | None:
    """The words that moderators look out for, whole: "specialist" has no "cialis" in it."""
    text = normalize_words(f"{it.name}\n{it.body}")
    listed = [(phrase, verdict) for phrase, verdict in it.facts.terms if has_words(text, _folded(phrase))]
    found = [(phrase, Verdict[verdict.upper()]) for phrase, verdict in listed]
    if not found:
        return None
    words = tuple(phrase for phrase, _ in found)
    return Hit("terms", max(verdict for _, verdict in found), f"listed words: {', '.join(words)}", words)


def same_words(it: Submission) -> Hit | None:
    copies = it.facts.copies
    if len(it.body) < SAME_WORDS_FROM or not copies:
        return None
    return Hit("same words", Verdict.SPAM if copies >= SPAM_COPIES else Verdict.HOLD, "the same words were sent before")


def disposable(it: Submission) -> Hit | None:
    domain = next((domain for domain in DISPOSABLE if it.commenter.is_at(domain)), None)
    return Hit("disposable", Verdict.HOLD, f"an address to throw away: @{domain}") if domain else None


def restricted(it: Submission) -> Hit | None:
    first = next((one for one in it.facts.restrictions if one.kind == Restriction.Kind.HOLD), None)
    if first is None:
        return None
    return Hit("restricted", Verdict.HOLD, f"a moderator wants to see these: {first.reason or first}")


def record(it: Submission) -> Hit | None:
    """Much of it was rejected of late."""
    bad, of_late = it.facts.record.rejected_of_late, it.facts.record.of_late
    if bad < REJECTED_AT_LEAST or bad / of_late < REJECTED_SHARE:
        return None
    return Hit("record", Verdict.HOLD, f"{bad} of {of_late} comments in 90 days were rejected")


def staff_name(it: Submission) -> Hit | None:
    """Nobody passes for one of ours: not with the name, nor with more words around it.

    Who calls themselves by one word alone shares it with many: then only that word by itself is theirs.
    """
    words = _skeleton(it.name).split()
    whole, within = _staff_names(it.facts.names)
    parts = (" ".join(words[at:end]) for at in range(len(words)) for end in range(at + 1, len(words) + 1))
    if "".join(words) in whole or any(part in within for part in parts):
        return Hit("name", Verdict.HOLD, "a name like one of the newsroom's")
    return None


def odd_text(it: Submission) -> Hit | None:
    if limit_combining_marks(it.body) == it.body and limit_combining_marks(it.name) == it.name:
        return None
    return Hit("text", Verdict.FLAG, "towers of accents, taken down")


def untrusted(it: Submission) -> Hit | None:
    if it.mode == Mode.PRE:
        return Hit("policy", Verdict.HOLD, "each comment waits here")
    return None if it.facts.trusted else Hit("trust", Verdict.HOLD, "the writer is not trusted yet")


RULES: tuple[Callable[[Submission], Hit | None], ...] = (
    trap,
    pace,
    links_set,
    terms,
    same_words,
    disposable,
    restricted,
    record,
    staff_name,
    odd_text,
    untrusted,
)


def _skeleton(name: str) -> str:
    """The words of a name without what the eye passes over: case, accents, dots, and letters that look alike."""
    alike = normalize_words(name).translate(_LOOK_ALIKES)
    return " ".join("".join(letter if is_of_a_word(letter) else " " for letter in alike).split())


@lru_cache(1)
def _staff_names(names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Those that nobody else may have, without spaces; and those that may not stand within a longer one either."""
    ours = [skeleton for name in names if (skeleton := _skeleton(name))]
    return (
        frozenset(name.replace(" ", "") for name in ours),
        frozenset([*(name for name in ours if " " in name), *map(_skeleton, OFFICES)]),
    )


_folded = lru_cache(4096)(normalize_words)  # the same phrases are compared with each comment
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһӏвкмнтαορυνιτ0135ıl|", "aeopcyxijsdhibkmhtaopyvitoiesiii")
