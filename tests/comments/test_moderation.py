import pytest
from django.test import Client

from articles.models import Edition
from comments import moderation
from comments.models import Comment, Commenter, ModerationEvent
from newsroom.models import User


@pytest.fixture
def comment(edition: Edition) -> Comment:
    return Comment.objects.create(
        article=edition.article,
        edition_number=1,
        commenter=Commenter.objects.create(email_hash="x"),
        name="Haseena",
        body="I walked that road.",
    )


def _decide(client: Client, comment: Comment, to: str, expected: str) -> None:
    client.post(f"/admin/comments/comment/{comment.pk}/change/", {"_decide": to, "expected": expected})


def test_a_decision_is_made_once_and_written_down(comment: Comment, moderator: User) -> None:
    moderation.transition(comment, "approved", by=moderator, expected="pending")

    event = ModerationEvent.objects.get()
    assert (event.comment, event.from_status, event.to_status, event.by) == (comment, "pending", "approved", moderator)
    with pytest.raises(moderation.Conflict):
        moderation.transition(comment, "spam", by=moderator, expected="pending")
    comment.refresh_from_db()
    assert comment.status == "approved"
    assert ModerationEvent.objects.count() == 1


def test_only_decisions_that_exist_are_made(comment: Comment) -> None:
    for expected, to in [
        ("pending", "pending"),
        ("approved", "pending"),
        ("rejected", "spam"),
        ("pending", "anything"),
    ]:
        with pytest.raises(ValueError, match="does not go"):
            moderation.transition(comment, to, by=None, expected=expected)


def test_a_moderator_approves_in_the_admin_and_everybody_sees_it(
    comment: Comment, moderator: User, client: Client
) -> None:
    desk = Client()
    desk.force_login(moderator)
    waiting = desk.get("/admin/comments/comment/").content.decode()
    assert "I walked that road." in waiting

    _decide(desk, comment, "approved", expected="pending")

    assert "I walked that road." in client.get(f"/articles/{comment.article.slug}/").content.decode()
    assert "I walked that road." not in desk.get("/admin/comments/comment/").content.decode()


def test_several_are_decided_at_once_but_none_that_somebody_decided_before(comment: Comment, moderator: User) -> None:
    other = Comment.objects.create(
        article=comment.article,
        edition_number=1,
        commenter=comment.commenter,
        name="M",
        body="Rude.",
        status="rejected",
    )
    desk = Client()
    desk.force_login(moderator)
    response = desk.post(
        "/admin/comments/comment/?status=all",
        {"action": "approve", "_selected_action": [comment.pk, other.pk]},
        follow=True,
    )

    comment.refresh_from_db()
    other.refresh_from_db()
    assert (comment.status, other.status) == ("approved", "rejected")
    assert "1 left as they were" in response.content.decode()


def test_a_decision_about_what_somebody_else_decided_is_told_and_changes_nothing(
    comment: Comment, moderator: User
) -> None:
    moderation.transition(comment, "spam", by=None, expected="pending")
    desk = Client()
    desk.force_login(moderator)

    response = desk.post(
        f"/admin/comments/comment/{comment.pk}/change/", {"_decide": "approved", "expected": "pending"}, follow=True
    )

    assert "Somebody decided about this comment meanwhile" in response.content.decode()
    comment.refresh_from_db()
    assert comment.status == "spam"


@pytest.mark.parametrize("who", ["reader", "reporter", "publisher"])
def test_nobody_else_decides(comment: Comment, who: str, request: pytest.FixtureRequest) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(who))
    _decide(client, comment, "approved", expected="pending")
    comment.refresh_from_db()
    assert comment.status == "pending"
