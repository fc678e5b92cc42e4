"""Stores a reader's reply: published, held, or waiting for the address to be confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from articles.models import Edition
from comments.models import Comment, Commenter, Follow
from comments.moderation import rules, transitions
from comments.moderation.context import MAX_PER_WRITER, RATE_PERIOD, ModerationContext, load_context
from comments.moderation.rules import Refused
from comments.posting import confirm
from comments.posting.identity import KnownWriter, commenter_by_email
from newsroom.models import User
from subscriptions.models import Subscription

MIN_INTERVAL = timedelta(seconds=15)  # between two comments of one writer
_FORM_STAMP = signing.TimestampSigner(salt="comments.form")


class TooFast(Refused):
    """Too many comments in too short a time; `seconds` until another is accepted."""

    def __init__(self, until: datetime) -> None:
        self.seconds = max(1, round((until - timezone.now()).total_seconds()))
        minutes = -(-self.seconds // 60)
        number, unit = (self.seconds, "second") if self.seconds < 60 else (minutes, "minute")
        super().__init__(
            f"You have written quite a lot just now. Please try again in {number} {unit}{'s' * (number > 1)}."
        )


@dataclass(frozen=True)
class Reply:
    """A reply as sent by the form. `stamp` came with the form's token; `honeypot` is a field that people do not see.

    `former_networks`: hashes of the network under former secret keys.
    """

    body: str
    name: str
    email: str = ""
    parent: Comment | None = None
    follow: bool = False
    as_supporter: bool = False
    without_badge: bool = False
    honeypot: str = ""
    stamp: str = ""
    network: str = ""
    former_networks: tuple[str, ...] = ()


def new_stamp() -> str:
    """Return a signed time for the form. It never makes a form fail: pages are open for days."""
    return _FORM_STAMP.sign("form")


@transaction.atomic
def post(reply: Reply, *, edition: Edition, writer: KnownWriter | None) -> Comment:
    """Store the reply and return its comment. The same text sent again by the same writer is the same comment.

    `writer`: None for a guest whom this device does not know. Raises Refused, TooFast.
    """
    if reply.parent is not None and not reply.parent.is_approved:
        raise Refused("The comment that you answer is no longer there.")
    commenter = writer.commenter if writer else commenter_by_email(reply.email)
    # Of two clicks at once the second waits here, and then finds the first one's comment.
    Commenter.objects.select_for_update().get(pk=commenter.pk)
    context = load_context(
        commenter,
        article=edition.article_id,
        body=reply.body,
        network=reply.network,
        former_networks=reply.former_networks,
        parent=reply.parent.pk if reply.parent else None,
        confirmed=writer is not None,
    )
    if context.duplicate is not None:
        return Comment.objects.get(pk=context.duplicate)
    user = writer.user if writer else None
    submission = rules.Submission(
        commenter=commenter,
        body=reply.body,
        name=reply.name,
        mode=context.mode(appeared=edition.first_published_at),
        context=context,
        user=user,
        honeypot=reply.honeypot,
        too_fast=_too_fast(reply.stamp),
    )
    rules.require_allowed(submission)
    if user is None or not user.is_staff:
        _require_rate(context, network="" if writer else reply.network)
    hits = rules.judge(submission)
    comment = Comment(
        article_id=edition.article_id,
        edition_number=edition.number,
        commenter=commenter,
        parent=reply.parent,
        root_id=(reply.parent.root_id or reply.parent.pk) if reply.parent else None,
        name=reply.name,
        badge=_badge(user, edition, reply),
        body=reply.body,
        network=reply.network,
        confirmed_at=timezone.now() if writer else None,
    )
    to = rules.status_after(hits) if writer else Comment.Status.UNCONFIRMED
    transitions.add_comment(comment, to, hits=[hit.as_json() for hit in hits])
    if reply.follow:
        Follow.objects.create(comment=comment, commenter=commenter)
        Commenter.objects.filter(pk=commenter.pk, user=None).update(email=reply.email)
    if writer is None:
        confirm.request_confirmation(commenter, reply.email)
    return comment


def set_missing_name(user: User, name: str) -> None:
    """Store the name that a person without one gave with the first comment, so that they are not asked again."""
    User.objects.filter(pk=user.pk, name="").update(name=name)


def _require_rate(context: ModerationContext, *, network: str) -> None:
    """Raise TooFast for a known writer, or more loosely for a network of unknown guests, that has sent too much."""
    sent_at = context.sent_at
    if sent_at and sent_at[0] > timezone.now() - MIN_INTERVAL:
        raise TooFast(sent_at[0] + MIN_INTERVAL)
    if len(sent_at) == MAX_PER_WRITER:
        raise TooFast(sent_at[-1] + RATE_PERIOD)
    if network and context.network_full_since is not None:
        raise TooFast(context.network_full_since + RATE_PERIOD)


def _too_fast(stamp: str) -> bool:
    """Return True unless the stamp proves that the form was given out long enough ago."""
    try:
        _FORM_STAMP.unsign(stamp, max_age=rules.MIN_TYPING_SECONDS)
    except signing.SignatureExpired:
        return False
    except signing.BadSignature:
        return True
    return True


def _badge(user: User | None, edition: Edition, reply: Reply) -> str:
    """Return the badge that the comment is to have.

    An author's is for a person whose byline it is, as the desk has said and they have agreed: never for an equal name,
    and never for whoever began the report. Staff may write without any.
    """
    if user is None or reply.without_badge:
        return Comment.Badge.NONE
    if user.is_staff:
        own = edition.authors.filter(account=user, account_agreed=True)
        return Comment.Badge.AUTHOR if own.exists() else Comment.Badge.STAFF
    if reply.as_supporter and Subscription.objects.entitling().filter(user=user).exists():
        return Comment.Badge.SUPPORTER
    return Comment.Badge.NONE
