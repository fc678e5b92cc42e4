"""A guest's address is confirmed before anything written with it is looked at.

The mail never carries what was written, else anybody could have us send anything to anybody. It leads to a page that
shows it; reading that page changes nothing, as mail scanners follow links; the button on it confirms.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app

from comments.models import Comment, Commenter, Follow
from comments.moderation import rules, transitions
from comments.moderation.context import load_context

SEND = "comments.tasks.send_confirmation"  # by name: the task stands above this module
ONE_MAIL_IN = timedelta(hours=1)
KEPT_FOR = timedelta(days=7)
_SALT = "comments.confirm"
# Found from the form alone: kept when a comment is judged again.
_OF_THE_FORM = ("trap", "pace")


def request_confirmation(commenter: Commenter, email: str) -> None:
    """Have one mail sent, at most one an hour to an address: what it leads to shows everything that waits by then."""
    now = timezone.now()
    lately = Q(mailed_at__isnull=True) | Q(mailed_at__lt=now - ONE_MAIL_IN)
    if Commenter.objects.filter(lately, pk=commenter.pk).update(mailed_at=now, email=email):
        app.configure_task(SEND).defer(commenter=commenter.pk)


def token(commenter: Commenter) -> str:
    return signing.dumps(commenter.pk, salt=_SALT)


def commenter_from_token(given: str) -> Commenter | None:
    """Whose address a link confirms; None for one that is old or not ours."""
    try:
        pk = signing.loads(given, salt=_SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return Commenter.objects.filter(pk=pk).first()


def unconfirmed_comments(commenter: Commenter) -> QuerySet[Comment]:
    """What was written with this address on devices that did not know its owner."""
    return commenter.comments.filter(status=Comment.Status.UNCONFIRMED).order_by("created_at", "pk")


@transaction.atomic
def confirm_comments(commenter: Commenter, chosen: Iterable[int]) -> list[Comment]:
    """The owner of the address says which are theirs; each goes where the rules send it. Raises Refused."""
    done = []
    Commenter.objects.select_for_update().get(pk=commenter.pk)
    now = timezone.now()
    Commenter.objects.filter(pk=commenter.pk, verified_at=None).update(verified_at=now)
    commenter.refresh_from_db()
    theirs = unconfirmed_comments(commenter).filter(pk__in=chosen)
    transitions.lock_all(theirs)
    for comment in theirs.select_related("article"):
        hits = judge_again(comment)
        comment.confirmed_at = now
        Comment.objects.filter(pk=comment.pk).update(confirmed_at=now)
        transitions.change_status(
            comment,
            rules.status_after(hits),
            by=None,
            expected=Comment.Status.UNCONFIRMED,
            revision=comment.revision,
            reason="confirmed",
            hits=[hit.as_json() for hit in hits],
        )
        done.append(comment)
    return done


def judge_again(comment: Comment) -> list[rules.Hit]:
    """The rules on a comment as it stands now, with what the form itself showed when it was sent. Raises Refused."""
    first = comment.events.order_by("pk").first()
    kept = [
        rules.Hit(hit["rule"], rules.Verdict[hit["verdict"]], hit["reason"], tuple(hit["words"]))
        for hit in (first.hits if first else [])
        if hit["rule"] in _OF_THE_FORM
    ]
    appeared = comment.article.editions.values_list("first_published_at", flat=True).first() or comment.created_at
    known = load_context(
        comment.commenter, article=comment.article_id, body=comment.body, network=comment.network, but=comment.pk
    )
    submission = rules.Submission(
        commenter=comment.commenter,
        body=comment.body,
        name=comment.name,
        mode=known.mode(appeared=appeared),
        facts=known,
        user=comment.commenter.user,
    )
    rules.require_allowed(submission)
    return [*kept, *rules.judge(submission)]


def delete_unneeded_addresses(pk: int | None = None) -> None:
    """An address that nothing is to be sent to any more is not kept."""
    wanted = Follow.objects.filter(commenter=OuterRef("pk"))
    rows = Commenter.objects.filter(~Exists(wanted)).exclude(email="")
    (rows.filter(pk=pk) if pk else rows).update(email="")
