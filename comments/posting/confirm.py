"""Has a guest's address confirmed before anything written with it is judged.

The mail never carries what was written, else anybody could have us send anything to anybody. It leads to a page that
shows it. Reading that page changes nothing, as mail scanners follow links; the button on it confirms.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone
from procrastinate.contrib.django import app

from comments.models import Comment, Commenter, Follow
from comments.moderation import rules, transitions
from comments.moderation.context import load_context
from newsroom.signed_links import SignedLink

SEND_TASK = "comments.tasks.send_confirmation"  # by name: the task stands above this module
MAIL_INTERVAL = timedelta(hours=1)
UNCONFIRMED_RETENTION = timedelta(days=7)
CONFIRMATION_LINK = SignedLink(salt="comments.confirm", rows=Commenter.objects.all, max_age=UNCONFIRMED_RETENTION)
_FORM_RULES = ("trap", "pace")  # only the form shows what these find: their hits stay when a comment is judged again


def request_confirmation(commenter: Commenter, email: str) -> None:
    """Enqueue the mail, at most one in MAIL_INTERVAL. Its link shows all that waits by the time it is opened.

    The task is enqueued each time, and knows by `mailed_at` whether this mail was sent: who types somebody's address is
    then kept waiting as long, whether its owner has just written or never.
    """
    now = timezone.now()
    due = Q(mailed_at__isnull=True) | Q(mailed_at__lt=now - MAIL_INTERVAL)
    mailed_at = Case(When(due, then=now), default="mailed_at")
    Commenter.objects.filter(pk=commenter.pk).update(mailed_at=mailed_at, email=email)
    app.configure_task(SEND_TASK).defer(commenter=commenter.pk)


def unconfirmed_comments(commenter: Commenter) -> QuerySet[Comment]:
    """Return what was written with this address on devices that did not know its owner."""
    return commenter.comments.filter(status=Comment.Status.UNCONFIRMED).order_by("created_at", "pk")


@transaction.atomic
def confirm_comments(commenter: Commenter, chosen: Iterable[int]) -> list[Comment]:
    """Confirm those that the owner of the address has chosen, and judge them. Raises Refused."""
    confirmed = []
    Commenter.objects.select_for_update().get(pk=commenter.pk)
    now = timezone.now()
    Commenter.objects.filter(pk=commenter.pk, verified_at=None).update(verified_at=now)
    commenter.refresh_from_db()
    comments = unconfirmed_comments(commenter).filter(pk__in=chosen)
    transitions.lock_all(comments)
    for comment in comments.select_related("article"):
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
        confirmed.append(comment)
    return confirmed


def judge_again(comment: Comment) -> list[rules.Hit]:
    """Apply the rules to a stored comment as it is now, and add what its form showed. Raises Refused."""
    first = comment.events.order_by("pk").first()
    form_hits = [
        rules.Hit(hit["rule"], rules.Verdict[hit["verdict"]], hit["reason"], tuple(hit["words"]))
        for hit in (first.hits if first else [])
        if hit["rule"] in _FORM_RULES
    ]
    appeared = comment.article.editions.values_list("first_published_at", flat=True).first() or comment.created_at
    context = load_context(
        comment.commenter, article=comment.article_id, body=comment.body, network=comment.network, exclude=comment.pk
    )
    submission = rules.Submission(
        commenter=comment.commenter,
        body=comment.body,
        name=comment.name,
        mode=context.mode(appeared=appeared),
        context=context,
        user=comment.commenter.user,
    )
    rules.require_allowed(submission)
    return [*form_hits, *rules.judge(submission)]


def delete_unneeded_addresses(pk: int | None = None) -> None:
    """Delete the addresses of guests, or of one, to which no mail is to be sent any more."""
    wanted = Follow.objects.filter(commenter=OuterRef("pk"))
    rows = Commenter.objects.filter(~Exists(wanted)).exclude(email="")
    (rows.filter(pk=pk) if pk else rows).update(email="")
