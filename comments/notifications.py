"""Mail about answers to one's own comment: never before they are approved, never of one's own, each told once."""

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from articles.models import Edition
from comments.models import Comment, Follow
from comments.posting import confirm

_SALT = "comments.follow"


def token(follow: Follow) -> str:
    return signing.dumps(follow.pk, salt=_SALT)


def follow_from_token(given: str) -> Follow | None:
    """The wish that a link ends; it works for ever. None if it has ended, or the link is not ours."""
    try:
        return Follow.objects.filter(pk=signing.loads(given, salt=_SALT)).first()
    except signing.BadSignature:
        return None


@transaction.atomic
def unfollow(follow: Follow) -> None:
    """No more mail; and a guest's address is forgotten with the last wish."""
    commenter = follow.commenter_id
    follow.delete()
    confirm.delete_unneeded_addresses(commenter)


@transaction.atomic
def notify_follower(pk: int) -> None:
    """Tell whoever follows the comment that this one answers. Not if it was taken back meanwhile, nor a second time."""
    told = Comment.objects.approved().filter(pk=pk, announced_at=None).update(announced_at=timezone.now())
    if not told:
        return
    comment = Comment.objects.select_related("parent__follow__commenter__user").get(pk=pk)
    follow = getattr(comment.parent, "follow", None)
    if follow is None or follow.commenter_id == comment.commenter_id or not follow.commenter.address:
        return
    if not comment.parent.is_approved:  # type: ignore[union-attr]
        return
    edition = Edition.objects.live().only("headline").filter(article=comment.article_id).first()
    if edition is None:
        return
    stop = settings.SITE_URL + reverse("unfollow", args=[token(follow)])
    context = {"comment": comment, "edition": edition, "stop": stop}
    EmailMessage(
        subject=f"An answer to your comment on “{edition.headline}”"[:150],
        body=render_to_string("comments/mail/answer.txt", {**context, "site_url": settings.SITE_URL}),
        to=[follow.commenter.address],
        headers={"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    ).send()
