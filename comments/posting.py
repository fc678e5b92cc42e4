"""A reader's reply, from the form to the moderators' queue."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from articles.models import Article, Edition
from comments.models import Comment, Commenter, email_hash
from newsroom.models import User

REPEATED_WITHIN = timedelta(days=1)


@transaction.atomic
def post(*, article: Article, name: str, email: str, body: str, user: User | None) -> Comment:
    """Keep the comment, held for a moderator. The same words sent again by the same person are the same comment."""
    commenter = _commenter(email, user)
    # Two clicks at once: the second waits here, and then finds the first one's comment.
    Commenter.objects.select_for_update().get(pk=commenter.pk)
    repeated = Comment.objects.filter(
        article=article, commenter=commenter, body=body, created_at__gt=timezone.now() - REPEATED_WITHIN
    ).first()
    if repeated is not None:
        return repeated
    number = Edition.objects.live().values_list("number", flat=True).get(article=article)
    return Comment.objects.create(article=article, edition_number=number, commenter=commenter, name=name, body=body)


def keep_name(user: User, name: str) -> None:
    """A person who has an account without a name is asked for one with the first comment, and not again."""
    User.objects.filter(pk=user.pk, name="").update(name=name)


def _commenter(email: str, user: User | None) -> Commenter:
    """Only a person who is signed in is known by the account: anybody can type anybody's address."""
    if user is not None:
        known = Commenter.objects.filter(user=user).first()
        if known is not None:
            return known
        return Commenter.objects.get_or_create(email_hash=email_hash(f"account {user.pk}"), defaults={"user": user})[0]
    return Commenter.objects.get_or_create(email_hash=email_hash(email))[0]
