"""A reader's reply, from the form to its place."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from articles.models import Edition
from comments.models import Comment, Commenter, Follow
from comments.moderation import rules, transitions
from comments.moderation.context import MOST, WITHIN, ModerationContext, load_context
from comments.moderation.rules import Refused
from comments.posting import confirm
from comments.posting.identity import Known, guest
from newsroom.models import User
from subscriptions.models import Subscription

APART = timedelta(seconds=15)
_STAMP = signing.TimestampSigner(salt="comments.form")


class TooFast(Refused):
    """Not now; `seconds` until it would be kept."""

    def __init__(self, until: datetime) -> None:
        self.seconds = max(1, round((until - timezone.now()).total_seconds()))
        minutes = -(-self.seconds // 60)
        number, unit = (self.seconds, "second") if self.seconds < 60 else (minutes, "minute")
        super().__init__(
            f"You have written quite a lot just now. Please try again in {number} {unit}{'s' * (number > 1)}."
        )


@dataclass(frozen=True)
class Reply:
    """What was sent. `stamp`: given out with the form's token; `trap`: a field that people do not see."""

    body: str
    name: str
    email: str = ""
    parent: Comment | None = None
    follow: bool = False
    as_supporter: bool = False
    trap: str = ""
    stamp: str = ""
    network: str = ""


def new_stamp() -> str:
    """Says when the form was given out. It never makes a form fail: pages are open for days."""
    return _STAMP.sign("form")


@transaction.atomic
def post(reply: Reply, *, edition: Edition, writer: Known | None) -> Comment:
    """Keep the reply: published, held, or waiting for the address of a guest whom this device does not know.

    The same words sent again by the same person are the same comment. Raises Refused, TooFast.
    """
    if reply.parent is not None and not reply.parent.is_approved:
        raise Refused("The comment that you answer is no longer there.")
    commenter = writer.commenter if writer else guest(reply.email)
    # Two clicks at once: the second waits here, and then finds the first one's comment.
    Commenter.objects.select_for_update().get(pk=commenter.pk)
    known = load_context(
        commenter,
        article=edition.article_id,
        body=reply.body,
        network=reply.network,
        parent=reply.parent.pk if reply.parent else None,
        confirmed=writer is not None,
    )
    if known.repeated is not None:
        return Comment.objects.get(pk=known.repeated)
    user = writer.user if writer else None
    submission = rules.Submission(
        commenter=commenter,
        body=reply.body,
        name=reply.name,
        mode=known.mode(appeared=edition.first_published_at),
        facts=known,
        user=user,
        trap=reply.trap,
        seconds=_seconds_since(reply.stamp),
    )
    rules.require_allowed(submission)
    if user is None or not user.is_staff:
        _require_pace(known, network="" if writer else reply.network)
    hits = rules.judge(submission)
    comment = Comment(
        article_id=edition.article_id,
        edition_number=edition.number,
        commenter=commenter,
        parent=reply.parent,
        root_id=(reply.parent.root_id or reply.parent.pk) if reply.parent else None,
        name=reply.name,
        badge=_badge(user, edition, as_supporter=reply.as_supporter),
        body=reply.body,
        network=reply.network,
        confirmed_at=timezone.now() if writer else None,
    )
    to = rules.status_after(hits) if writer else Comment.Status.UNCONFIRMED
    transitions.add_comment(comment, to, hits=[hit.as_json() for hit in hits])
    email = reply.email.strip().lower()
    if reply.follow:
        Follow.objects.create(comment=comment, commenter=commenter)
        Commenter.objects.filter(pk=commenter.pk, user=None).update(email=email)
    if writer is None:
        confirm.request_confirmation(commenter, email)
    return comment


def keep_name(user: User, name: str) -> None:
    """A person who has an account without a name is asked for one with the first comment, and not again."""
    User.objects.filter(pk=user.pk, name="").update(name=name)


def _require_pace(known: ModerationContext, *, network: str) -> None:
    """Each person, and more loosely each network of those whom we do not know."""
    recent = known.recent
    if recent and recent[0] > timezone.now() - APART:
        raise TooFast(recent[0] + APART)
    if len(recent) == MOST:
        raise TooFast(recent[-1] + WITHIN)
    if network and known.of_network is not None:
        raise TooFast(known.of_network + WITHIN)


def _seconds_since(stamp: str) -> float:
    """Since the form was given out; none at all for a stamp that is missing or not ours."""
    try:
        _STAMP.unsign(stamp)
        signed = stamp.rsplit(":", 2)[1]
        return timezone.now().timestamp() - signing.b62_decode(signed)
    except (signing.BadSignature, IndexError, ValueError):
        return 0.0


def _badge(user: User | None, edition: Edition, *, as_supporter: bool) -> str:
    if user is None:
        return Comment.Badge.NONE
    if user.is_staff:
        article = edition.article
        wrote = article.created_by_id == user.pk or article.authors.filter(name=user.name).exists()
        return Comment.Badge.AUTHOR if wrote else Comment.Badge.STAFF
    if as_supporter and Subscription.objects.entitling().filter(user=user).exists():
        return Comment.Badge.SUPPORTER
    return Comment.Badge.NONE
