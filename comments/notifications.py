"""Mails a writer about an approved answer to their comment: one mail for each answer, none about their own."""

from typing import cast

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Edition
from comments.models import Comment, Follow
from comments.posting import confirm
from newsroom import mail
from newsroom.signed_links import SignedLink

UNFOLLOW_LINK = SignedLink(salt="comments.follow", rows=Follow.objects.all)


@transaction.atomic
def unfollow(follow: Follow) -> None:
    """End the mail; with a guest's last wish for mail, delete their address."""
    commenter = follow.commenter_id
    follow.delete()
    confirm.delete_unneeded_addresses(commenter)


def notify_follower(pk: int) -> None:
    """Mail whoever follows the comment that this one answers, once, unless it is no longer approved.

    `announced_at` is set after the mail has gone: a retry after a failure sends it, and `mail.send` sends none twice.
    """
    comments = Comment.objects.approved().select_related("parent__follow__commenter__user")
    comment = comments.filter(pk=pk, announced_at=None).first()
    if comment is None:
        return
    follow = getattr(comment.parent, "follow", None)
    edition = Edition.objects.live().only("headline").filter(article=comment.article_id).first()
    if edition is not None and follow is not None and _is_wanted(follow, comment):
        unfollow_url = settings.SITE_URL + reverse("unfollow", args=[UNFOLLOW_LINK.token(follow)])
        mail.send(
            "comments/email/reply",
            follow.commenter.address,
            key=f"comment_reply.{comment.pk}",
            context={"comment": comment, "edition": edition, "unfollow_url": unfollow_url},
            headers={"List-Unsubscribe": f"<{unfollow_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )
    Comment.objects.filter(pk=comment.pk).update(announced_at=timezone.now())


def _is_wanted(follow: Follow, reply: Comment) -> bool:
    """Return True if somebody else wrote the reply, the followed comment is still shown, and there is an address."""
    is_own = follow.commenter_id == reply.commenter_id
    return not is_own and cast(Comment, reply.parent).is_approved and bool(follow.commenter.address)
