"""Judges every comment by a list of rules.

Each rule gives a verdict with its reason, or nothing. All are applied; the worst verdict decides, and a moderator sees
every reason. No rule queries the database: what they need of it is in the submission's context.

Staff are not judged. Paying changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from django.utils.timesince import timeuntil

from comments.models import Comment, Commenter, Restriction
from comments.models.policy import Mode
from comments.moderation.context import RECORD_PERIOD, SPAM_COPIES, ModerationContext
from comments.moderation.look_alikes import looks_faked, skeleton
from comments.text import contains_phrase, limit_combining_marks, link_hosts, normalize_words
from newsroom.models import User

MIN_TYPING_SECONDS = 3  # nobody types a comment in less
MAX_LINKS, MAX_LINKS_OF_TRUSTED = 1, 5
MIN_REFUSED_SHARE, MIN_REFUSED = 0.3, 2  # of a writer's recent comments
MIN_COPIED_LENGTH = 20  # characters: "Thank you" is said by many
# Domains of addresses that are thrown away after use. Moderators add others as restrictions.
_DISPOSABLE = """
10minutemail.com 20minutemail.com dispostable.com emailondeck.com fakeinbox.com getairmail.com getnada.com
guerrillamail.com guerrillamail.info inboxkitten.com mail-temp.com mailcatch.com maildrop.cc mailinator.com
mailnesia.com mailsac.com mintemail.com moakt.com mohmal.com mytemp.email sharklasers.com spamgourmet.com
temp-mail.org tempail.com tempmail.dev tempmail.net tempr.email throwawaymail.com trashmail.com yopmail.com
"""
DISPOSABLE_DOMAINS = frozenset(_DISPOSABLE.split())
OFFICES = ("moderator", "editor", "admin", "newsroom", "staff")


class Verdict(IntEnum):
    """A rule's verdict, from the mildest to the worst."""

    FLAG = 1
    HOLD = 2
    REJECT = 3
    SPAM = 4


@dataclass(frozen=True)
class Hit:
    """A rule's finding. `rule` is stored with the comment: keep the names. `words`: those to be marked in the text."""

    rule: str
    verdict: Verdict
    reason: str
    words: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"rule": self.rule, "verdict": self.verdict.name, "reason": self.reason, "words": list(self.words)}


@dataclass(frozen=True)
class Submission:
    """A comment to be judged. `honeypot` and `too_fast` are known from the form alone: None when judged again."""

    commenter: Commenter
    body: str
    name: str
    mode: str
    context: ModerationContext
    user: User | None = None
    honeypot: str | None = None
    too_fast: bool | None = None


class Refused(Exception):
    """The comment is not accepted, and why, in words for the reader."""


def require_allowed(submission: Submission) -> None:
    """Raise Refused where comments are closed, or for a writer who is banned. Staff cannot be banned."""
    if submission.mode == Mode.CLOSED:
        raise Refused("Comments on this report are closed.")
    if submission.user is not None and submission.user.is_staff:
        return
    for ban in submission.context.restrictions:
        if ban.kind != Restriction.Kind.BAN or (ban.network and submission.context.trusted):
            continue  # a network is shared: its ban does not stop the trusted
        until = f" for {timeuntil(ban.until)}" if ban.until else ""
        because = f" The reason: {ban.reason}" if ban.reason else ""
        raise Refused(f"A moderator has decided that you cannot comment here{until}.{because}")


def judge(submission: Submission) -> list[Hit]:
    """Return what all rules found, the worst first."""
    if submission.user is not None and submission.user.is_staff:
        return []
    hits = [hit for rule in RULES if (hit := rule(submission))]
    return sorted(hits, key=lambda hit: -hit.verdict)


def worst_verdict(hits: list[Hit]) -> Verdict:
    return max((hit.verdict for hit in hits), default=Verdict.FLAG)


def status_after(hits: list[Hit]) -> str:
    """Return the status that a confirmed writer's comment gets with these hits."""
    return {
        Verdict.FLAG: Comment.Status.APPROVED,
        Verdict.HOLD: Comment.Status.PENDING,
        Verdict.REJECT: Comment.Status.REJECTED,
        Verdict.SPAM: Comment.Status.SPAM,
    }[worst_verdict(hits)]


def honeypot(submission: Submission) -> Hit | None:
    """Find a filled field that people do not see. A browser that fills in forms may do it, so nothing is deleted."""
    return Hit("trap", Verdict.SPAM, "filled in a field that people do not see") if submission.honeypot else None


def too_fast(submission: Submission) -> Hit | None:
    return Hit("pace", Verdict.HOLD, "sent faster than anybody types") if submission.too_fast else None


def links(submission: Submission) -> Hit | None:
    hosts = link_hosts(submission.body)
    if odd := tuple(host for host in hosts if "xn--" in host):
        return Hit("links", Verdict.HOLD, f"a link whose name has foreign letters: {', '.join(odd)}", odd)
    if len(hosts) > (MAX_LINKS_OF_TRUSTED if submission.context.trusted else MAX_LINKS):
        return Hit("links", Verdict.HOLD, f"{len(hosts)} links", tuple(hosts))
    return None


def terms(submission: Submission) -> Hit | None:
    """Find the moderators' listed words, whole: "specialist" has no "cialis" in it. Look-alike letters hide none."""
    typed = f"{submission.name}\n{submission.body}"
    text = normalize_words(typed)
    read_as = skeleton(typed) if looks_faked(typed) else ""
    found = {
        phrase: Verdict[verdict.upper()]
        for phrase, verdict in submission.context.terms
        if contains_phrase(text, _normalized(phrase)) or contains_phrase(read_as, _skeleton(phrase))
    }
    if not found:
        return None
    return Hit("terms", max(found.values()), f"listed words: {', '.join(found)}", tuple(found))


def copied_text(submission: Submission) -> Hit | None:
    copies = submission.context.copies
    if len(submission.body) < MIN_COPIED_LENGTH or not copies:
        return None
    return Hit("same words", Verdict.SPAM if copies >= SPAM_COPIES else Verdict.HOLD, "the same words were sent before")


def disposable_address(submission: Submission) -> Hit | None:
    domain = next((domain for domain in DISPOSABLE_DOMAINS if submission.commenter.is_at(domain)), None)
    return Hit("disposable", Verdict.HOLD, f"an address to throw away: @{domain}") if domain else None


def restricted(submission: Submission) -> Hit | None:
    hold = next((each for each in submission.context.restrictions if each.kind == Restriction.Kind.HOLD), None)
    if hold is None:
        return None
    return Hit("restricted", Verdict.HOLD, f"a moderator wants to see these: {hold.reason or hold}")


def bad_record(submission: Submission) -> Hit | None:
    record = submission.context.record
    if record.recently_refused < MIN_REFUSED or record.recently_refused / record.recent < MIN_REFUSED_SHARE:
        return None
    return Hit(
        "record",
        Verdict.HOLD,
        f"{record.recently_refused} of {record.recent} comments in {RECORD_PERIOD.days} days were rejected",
    )


def staff_name(submission: Submission) -> Hit | None:
    """Find a name that passes for one of the newsroom's: the name itself, or one with more words around it.

    A staff name of one word alone is shared by many people: only that word by itself is found.
    """
    words = skeleton(submission.name).split()
    whole, within = _staff_names(submission.context.staff_names)
    parts = (" ".join(words[at:end]) for at in range(len(words)) for end in range(at + 1, len(words) + 1))
    if "".join(words) in whole or any(part in within for part in parts):
        return Hit("name", Verdict.HOLD, "a name like one of the newsroom's")
    return None


def stacked_accents(submission: Submission) -> Hit | None:
    if all(limit_combining_marks(text) == text for text in (submission.body, submission.name)):
        return None
    return Hit("text", Verdict.FLAG, "towers of accents, taken down")


def untrusted(submission: Submission) -> Hit | None:
    if submission.mode == Mode.PRE:
        return Hit("policy", Verdict.HOLD, "each comment waits here")
    return None if submission.context.trusted else Hit("trust", Verdict.HOLD, "the writer is not trusted yet")


RULES: tuple[Callable[[Submission], Hit | None], ...] = (
    honeypot,
    too_fast,
    links,
    terms,
    copied_text,
    disposable_address,
    restricted,
    bad_record,
    staff_name,
    stacked_accents,
    untrusted,
)


@lru_cache(1)
def _staff_names(names: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names that nobody else may have, without spaces, and those that no longer name may contain."""
    ours = [found for name in names if (found := skeleton(name))]
    return (
        frozenset(name.replace(" ", "") for name in ours),
        frozenset([*(name for name in ours if " " in name), *map(skeleton, OFFICES)]),
    )


_normalized = lru_cache(4096)(normalize_words)  # the same phrases are compared with each comment
_skeleton = lru_cache(4096)(skeleton)
