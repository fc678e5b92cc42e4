from datetime import timedelta

from django.test import RequestFactory
from django.utils import timezone

from articles.models import Edition
from comments import retention
from comments.models import Comment, Commenter, Follow, NetworkKey, Report, Restriction
from comments.moderation import transitions
from comments.posting import identity, post
from comments.posting.identity import network_hashes
from comments.posting.post import Reply
from newsroom.models import User
from tests.comments.conftest import Write


def _after(**time: int) -> None:
    retention.delete_expired(timezone.now() + timedelta(**time))


def _body(comment: Comment) -> str | None:
    return Comment.objects.filter(pk=comment.pk).values_list("body", flat=True).first()


def _networks(address: str) -> list[str]:
    return network_hashes(RequestFactory().get("/", REMOTE_ADDR=address))


def test_networks_are_hashes_of_a_whole_network_under_the_days_own_key(db: None) -> None:
    here = _networks("192.0.2.1")
    assert here == _networks("192.0.2.200")
    assert here[0] not in _networks("192.0.3.1")
    assert _networks("2001:db8::1") == _networks("2001:db8::ffff:1") != _networks("2001:db8:0:1::1")
    assert "192" not in here[0].partition(".")[2][:3]
    (key,) = NetworkKey.objects.all()
    NetworkKey.objects.update(day=key.day - timedelta(days=1))
    assert _networks("192.0.2.1")[0] != here[0]
    assert here[0] in _networks("192.0.2.1")  # until the key of yesterday is deleted
    key.delete()
    assert here[0] not in _networks("192.0.2.1")


def test_of_a_network_nothing_is_left_after_48_hours(write: Write) -> None:
    comment = write()
    network = _networks("192.0.2.1")[0]
    written = timezone.now().replace(hour=3, minute=48)  # a minute after the nightly deletion
    Comment.objects.update(network=network, created_at=written)
    Report.objects.create(comment=comment, network=network, reason="abuse")
    Report.objects.update(created_at=written)
    NetworkKey.objects.update(day=written.date())
    night = written - timedelta(minutes=1)
    retention.delete_expired(night + timedelta(days=1))
    comment.refresh_from_db()
    assert comment.network == network
    assert NetworkKey.objects.count() == 1
    retention.delete_expired(night + timedelta(days=2))
    comment.refresh_from_db()
    assert (comment.network, Report.objects.get().network) == ("", "")
    assert not NetworkKey.objects.exists()


def test_the_key_of_a_restricted_network_stays_until_the_restriction_ends(edition: Edition) -> None:
    now = timezone.now()
    until = now + timedelta(days=7)
    network = _networks("127.0.0.1")[0]
    Restriction.objects.create(network=network, kind="ban", until=until)
    Restriction.objects.create(network="n" * 64, kind="ban", until=until)  # of a version before
    retention.delete_expired(now + timedelta(days=6))
    assert network in _networks("127.0.0.1")
    retention.delete_expired(now + timedelta(days=8))
    assert network not in _networks("127.0.0.1")


def test_what_nobody_confirms_is_gone_after_seven_days_with_its_writer(edition: Edition) -> None:
    sent = Reply(body="Hello.", name="G", email="g@example.org", follow=True)
    post.post(sent, edition=edition, writer=None)
    assert Commenter.objects.get().email == "g@example.org"
    _after(days=6)
    assert Comment.objects.exists()
    _after(days=8)
    assert not Comment.objects.exists()
    assert not Follow.objects.exists()
    assert not Commenter.objects.exists()


def test_an_address_is_not_kept_for_a_mail_that_never_left(edition: Edition) -> None:
    post.post(Reply(body="Hello.", name="G", email="g@example.org"), edition=edition, writer=None)
    _after(hours=1)
    assert Commenter.objects.get().email == "g@example.org"
    _after(days=2)
    assert Commenter.objects.get().email == ""


def test_spam_goes_after_thirty_days_and_rejected_text_after_a_year(write: Write) -> None:
    spam, rejected, kept = (
        write("Spam.", status="spam"),
        write("Rude.", status="rejected"),
        write("Kept.", status="approved"),
    )
    _after(days=29)
    assert (_body(spam), _body(rejected)) == ("Spam.", "Rude.")
    _after(days=31)
    assert (_body(spam), _body(rejected)) == (None, "Rude.")
    _after(days=366)
    assert (_body(rejected), _body(kept)) == ("", "Kept.")
    rejected.refresh_from_db()
    assert (rejected.status, rejected.name) == ("rejected", "")


def test_spam_that_was_answered_leaves_its_place(write: Write) -> None:
    root = write("Spam.", status="approved")
    answer = write("Do not buy.", status="approved", parent=root)
    Comment.objects.filter(pk=root.pk).update(status="spam")
    _after(days=31)
    root.refresh_from_db()
    assert (root.status, root.body) == ("deleted", "")
    assert _body(answer) == "Do not buy."


def test_restrictions_that_ended_are_forgotten(write: Write) -> None:
    writer = identity.commenter_by_email("x@example.org")
    for days in (1, None):
        until = timezone.now() + timedelta(days=days) if days else None
        Restriction.objects.create(commenter=writer, kind="ban", until=until)
    _after(days=32)
    assert Restriction.objects.get().until is None


def test_a_rejected_comment_is_not_followed_once_that_cannot_be_undone(write: Write, editor: User) -> None:
    comment = write()
    Follow.objects.create(comment=comment, commenter=comment.commenter)
    Commenter.objects.update(email="haseena@example.org")
    transitions.change_status(comment, "rejected", by=editor, expected="pending", revision=1)
    retention.delete_expired()
    assert Follow.objects.exists()
    retention.delete_expired(timezone.now() + timedelta(minutes=2))
    assert not Follow.objects.exists()
    assert Commenter.objects.get().email == ""
