import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from comments import reporting
from comments.models import Comment, Commenter, ModerationEvent, Restriction
from comments.moderation import transitions
from newsroom.models import User
from tests.comments.conftest import Write

QUEUE = "/admin/comments/queue/"


@pytest.fixture
def moderators_client(moderator: User) -> Client:
    return _signed_in(moderator)


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _shown(client: Client, query: str = "") -> str:
    response = client.get(f"{QUEUE}{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def _lease(client: Client, query: str = "view=held") -> str:
    """Lease the page, as the script does when the first card is opened."""
    response = client.post(f"{QUEUE}?{query}", {"back": query}, headers={"X-Queue": "1"})
    assert response.status_code == 200
    return str(response.content.decode())


def _decide(client: Client, comment: Comment, to: str, expected: str = "pending", **more: object) -> int:
    data = {"comment": comment.pk, "to": to, "expected": expected, "revision": 1, **more}
    return int(client.post(f"{QUEUE}decide/", data).status_code)


def _status(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.status


def test_a_moderator_approves_and_everybody_sees_it(write: Write, moderators_client: Client, client: Client) -> None:
    comment = write()
    assert "I walked that road." in _shown(moderators_client)
    assert _decide(moderators_client, comment, "approved", back="view=held&names=hidden") == 302
    assert "I walked that road." in client.get(f"/articles/{comment.article.slug}/").content.decode()
    page = _shown(moderators_client)
    assert "Nothing here." in page
    assert "Your last decision: Haseena" in page


def test_a_decision_about_what_changed_meanwhile_is_a_409_in_words(
    write: Write, moderators_client: Client, editor: User
) -> None:
    comment = write()
    transitions.change_status(comment, "spam", by=editor, expected="pending", revision=1)
    for headers in ({}, {"X-Queue": "1"}):
        response = moderators_client.post(
            f"{QUEUE}decide/",
            {"comment": comment.pk, "to": "approved", "expected": "pending", "revision": 1},
            headers=headers,
        )
        assert response.status_code == 409
        assert "Somebody decided about this comment meanwhile" in response.content.decode()
        assert "This is how it stands now." in response.content.decode()
    assert _status(comment) == "spam"


@pytest.mark.parametrize("to", ["", "deleted", "unconfirmed", "pending", "x\0"])
def test_what_is_no_decision_is_refused(write: Write, moderators_client: Client, to: str) -> None:
    comment = write()
    assert _decide(moderators_client, comment, to) == 409
    assert _status(comment) == "pending"


def test_looking_at_the_queue_leases_nothing(write: Write, moderators_client: Client, editor: User) -> None:
    write()
    for _ in range(2):
        assert _shown(moderators_client).count("data-card") == 1
    assert not Comment.objects.filter(leased_by__isnull=False).exists()
    assert _shown(_signed_in(editor)).count("data-card") == 1


def test_what_one_moderator_has_leased_another_does_not_see_and_cannot_decide(
    write: Write, moderators_client: Client, editor: User
) -> None:
    comments = [write(f"Number {number}.") for number in range(32)]
    assert _lease(moderators_client).count("data-card") == 30
    other = _signed_in(editor)
    page = _shown(other)
    assert page.count("data-card") == 2
    assert "30 more are with Mehak, who is at work on them." in page
    assert "32</span>" in page
    assert _decide(other, comments[0], "spam") == 409
    assert _status(comments[0]) == "pending"
    Comment.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert _decide(other, comments[0], "spam") == 302


def test_a_decision_extends_the_lease_on_the_rest(write: Write, moderators_client: Client, editor: User) -> None:
    first, second = write("One."), write("Two.")
    _decide(moderators_client, first, "approved")
    other = _signed_in(editor)
    page = _shown(other)
    assert "1 more is with Mehak, who is at work on it." in page
    assert "Nothing here." not in page
    almost = timezone.now() + timedelta(minutes=1)
    Comment.objects.update(leased_until=almost)
    moderators_client.post(f"{QUEUE}undo/", {"event": ModerationEvent.objects.latest("pk").pk})
    for comment in (first, second):
        comment.refresh_from_db()
        assert comment.leased_until is not None
        assert comment.leased_until > almost


def test_a_fresh_lease_is_not_written_again(write: Write, moderators_client: Client) -> None:
    comment = write()
    _lease(moderators_client)
    comment.refresh_from_db()
    until = comment.leased_until
    _lease(moderators_client)
    comment.refresh_from_db()
    assert comment.leased_until == until


def test_a_plain_form_leases_more_but_never_from_the_other_lists(write: Write, moderators_client: Client) -> None:
    comment, spam = write(), write("Spam.", status="spam")
    assert _lease(moderators_client, "view=spam").count("data-card") == 1
    assert _lease(moderators_client, f"writer={comment.commenter_id}").count("data-card") == 2
    assert not Comment.objects.filter(leased_by__isnull=False).exists()
    response = moderators_client.post(f"{QUEUE}?view=held", {"back": "view=held"})
    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}?view=held")
    assert list(Comment.objects.filter(leased_by__name="Mehak")) == [comment]
    assert _decide(moderators_client, spam, "approved", expected="spam", back="view=spam") == 302


def test_the_same_decision_sent_again_is_one(write: Write, moderators_client: Client, editor: User) -> None:
    """The response to the first may have been lost on its way."""
    comment = write()
    for _ in range(2):
        assert _decide(moderators_client, comment, "rejected", reason="abuse") == 302
    assert comment.events.filter(by__isnull=False).count() == 1
    assert _decide(moderators_client, comment, "rejected", reason="advert") == 409
    assert _decide(_signed_in(editor), comment, "rejected", reason="abuse") == 409


@pytest.mark.parametrize("what", ["decide", "decide-all", "undo", "pick", "restrict"])
def test_who_was_signed_out_while_deciding_comes_back_and_reads_it(what: str, write: Write, moderator: User) -> None:
    comment = write()
    client = Client()
    led_to = client.post(f"{QUEUE}{what}/", {"comment": comment.pk, "to": "spam", "expected": "pending", "revision": 1})
    after = led_to["Location"].partition("next=")[2]
    client.force_login(moderator)
    page = client.get(after, follow=True)
    assert page.redirect_chain[-1][0] == QUEUE
    assert "That was not done, as you were signed out meanwhile." in page.content.decode()
    assert _status(comment) == "pending"


def test_several_are_decided_at_once_but_none_that_somebody_decided_before(
    write: Write, moderators_client: Client, editor: User
) -> None:
    one, two, three = write("One."), write("Two."), write("Three.")
    ticked = [f"{comment.pk}:pending:1" for comment in (one, two, three)]
    transitions.change_status(two, "rejected", by=editor, expected="pending", revision=1)
    page = moderators_client.post(
        f"{QUEUE}decide-all/", {"to": "approved", "selected": [*ticked, "x", "9:9", ":::", "9" * 5000]}, follow=True
    )
    assert "2 comments decided." in page.content.decode()
    assert "5 left as they were" in page.content.decode()
    assert [_status(comment) for comment in (one, two, three)] == ["approved", "rejected", "approved"]


def test_undo_and_reverse(write: Write, moderators_client: Client) -> None:
    comment = write()
    _decide(moderators_client, comment, "rejected", reason="abuse")
    event = ModerationEvent.objects.latest("pk")
    assert event.reason == "abuse"
    moderators_client.post(f"{QUEUE}undo/", {"event": event.pk})
    assert _status(comment) == "pending"
    assert moderators_client.post(f"{QUEUE}undo/", {"event": event.pk}).status_code == 409

    _decide(moderators_client, comment, "spam")
    ModerationEvent.objects.update(at=timezone.now() - timedelta(days=3))
    page = _shown(moderators_client, "?view=recent")
    assert "Undo" not in page
    assert _decide(moderators_client, comment, "approved", expected="spam") == 302
    assert _status(comment) == "approved"


def test_the_lists(write: Write, moderators_client: Client) -> None:
    held, spam, unconfirmed = write("Held."), write("Spam.", status="spam"), write("Who?", status="unconfirmed")
    reported = write("Reported.", status="approved")
    reporting.report(reported, reason="private", note="my address", writer=None, network="x" * 64)
    for view, comment in [("held", held), ("spam", spam), ("unconfirmed", unconfirmed), ("reported", reported)]:
        page = _shown(moderators_client, f"?view={view}")
        assert page.count("data-card") == 1
        assert comment.body in page
    page = _shown(moderators_client, "?view=reported")
    assert "Reported: tells private things about a person (“my address”)" in page
    assert _decide(moderators_client, reported, "approved", expected="approved") == 302
    assert "Nothing here." in _shown(moderators_client, "?view=reported")
    assert "Reported." in _shown(moderators_client, "?view=recent")
    assert _shown(moderators_client, f"?writer={held.commenter_id}").count("data-card") == 4
    assert moderators_client.get(f"{QUEUE}?writer=9999999").status_code == 404
    assert moderators_client.get(f"{QUEUE}?writer=%00").status_code == 404


def test_a_card_has_all_that_a_decision_needs(write: Write, moderators_client: Client) -> None:
    root = write("What was asked.", status="approved", name="Zoya")
    write("Once.", status="approved")
    write("Rude.", status="rejected")
    answer = Comment(
        article=root.article,
        edition_number=1,
        commenter=Comment.objects.get(body="Once.").commenter,
        parent=root,
        root=root,
        name="Haseena",
        body="Buy <b>carpets</b> & CARPETS now",
        confirmed_at=timezone.now(),
    )
    hit = {"rule": "terms", "verdict": "HOLD", "reason": "listed words: carpets", "words": ["carpets"]}
    transitions.add_comment(answer, "pending", hits=[hit])
    page = _shown(moderators_client)
    for words in (
        "What was asked.",
        "3 so far: 1 approved, 1 rejected",
        "listed words: carpets",
        "Buy &lt;b&gt;<mark>carpets</mark>&lt;/b&gt; &amp; <mark>CARPETS</mark> now",
        "Snow came early",
    ):
        assert words in page, words


def test_names_and_badges_can_be_hidden_until_decided(write: Write, moderators_client: Client) -> None:
    comment = write()
    Comment.objects.update(badge="supporter")
    page = _shown(moderators_client, "?names=hidden")
    assert "Haseena" not in page
    assert "Supporter" not in page
    assert "Name hidden" in page
    response = moderators_client.post(
        f"{QUEUE}decide/",
        {"comment": comment.pk, "to": "approved", "expected": "pending", "revision": 1, "back": "names=hidden"},
        headers={"X-Queue": "1"},
    )
    assert "Haseena" in response.content.decode()
    ModerationEvent.objects.update(at=timezone.now() - timedelta(days=1))
    assert "Haseena" in _shown(moderators_client, "?view=recent&names=hidden")
    reporting.report(comment, reason="abuse", note="", writer=None, network="x" * 64)
    assert "Haseena" not in _shown(moderators_client, "?view=reported&names=hidden")


def test_thirty_cards_cost_no_more_queries_than_one(
    write: Write, moderators_client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        write(f"Number {number}.", parent=write(f"Parent {number}.", status="approved"))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert _shown(moderators_client).count("data-card") == 30


def test_a_person_or_a_network_is_restricted_for_a_time(write: Write, moderators_client: Client) -> None:
    comment = write()
    Comment.objects.update(network="n" * 64)
    for whom, days in (("person", 0), ("network", 0)):
        data = {"comment": comment.pk, "whom": whom, "kind": "ban", "days": days, "reason": "Threats."}
        moderators_client.post(f"{QUEUE}restrict/", data)
    network, person = Restriction.objects.order_by("-network")
    assert (person.commenter, person.until, person.reason) == (comment.commenter, None, "Threats.")
    assert network.network == "n" * 64
    assert network.until is not None
    assert network.until < timezone.now() + timedelta(days=31)
    page = moderators_client.post(f"{QUEUE}restrict/", {"comment": comment.pk, "kind": "x", "days": "5"}, follow=True)
    assert "Please choose what is to be done" in page.content.decode()
    assert Restriction.objects.count() == 2


def test_the_reason_of_a_restriction_is_plain_text(write: Write, moderators_client: Client) -> None:
    data = {"comment": write().pk, "whom": "person", "kind": "ban", "days": 7, "reason": " Thr\0eats\u202e. "}
    assert moderators_client.post(f"{QUEUE}restrict/", data).status_code == 302
    assert Restriction.objects.get().reason == "Threats."


def test_nobody_is_restricted_for_what_a_stranger_wrote_with_their_address(
    write: Write, moderators_client: Client
) -> None:
    comment = write(status="unconfirmed")
    Comment.objects.update(confirmed_at=None, network="n" * 64)
    data = {"comment": comment.pk, "kind": "ban", "days": 7, "reason": "Threats."}
    page = moderators_client.post(f"{QUEUE}restrict/", {**data, "whom": "person"}, follow=True)
    assert "Nobody has confirmed this address" in page.content.decode()
    assert page.redirect_chain == [(f"{QUEUE}?", 302)], "what is said stands on top, out of sight of a card far below"
    assert not Restriction.objects.exists()
    moderators_client.post(f"{QUEUE}restrict/", {**data, "whom": "network"})
    assert Restriction.objects.get().network == "n" * 64


def test_a_pick_from_the_queue(write: Write, moderators_client: Client) -> None:
    comment = write()
    assert moderators_client.post(f"{QUEUE}pick/", {"comment": comment.pk}).status_code == 409
    _decide(moderators_client, comment, "approved")
    for _ in range(2):  # a double click
        moderators_client.post(f"{QUEUE}pick/", {"comment": comment.pk, "picked": "1"})
    comment.refresh_from_db()
    assert comment.picked_at is not None
    assert ModerationEvent.objects.filter(reason="picked", by__name="Mehak").count() == 1
    assert 'name="picked" value="0"' in _shown(moderators_client, "?view=recent")
    moderators_client.post(f"{QUEUE}pick/", {"comment": comment.pk, "picked": "0"})
    comment.refresh_from_db()
    assert comment.picked_at is None


def test_what_its_writer_never_confirmed_is_not_approved(write: Write, moderators_client: Client) -> None:
    comment = write(status="unconfirmed")
    Comment.objects.update(confirmed_at=None)
    _decide(moderators_client, comment, "spam", expected="unconfirmed")
    ModerationEvent.objects.update(at=timezone.now() - timedelta(days=1))
    assert "Let it wait for its writer" in _shown(moderators_client, "?view=spam")
    for _ in range(2):  # the answer to the first may have been lost on its way
        assert _decide(moderators_client, comment, "approved", expected="spam") == 302
    assert _status(comment) == "unconfirmed"


def test_marks_are_whole_words_as_they_are_folded(write: Write, moderators_client: Client) -> None:
    comment = write("The specialist sold CIÁLIS <b>.")
    hit = {"rule": "terms", "verdict": "HOLD", "reason": "listed words: cialis", "words": ["cialis"]}
    comment.events.update(hits=[hit])
    assert "The specialist sold <mark>CIÁLIS</mark> &lt;b&gt;." in _shown(moderators_client)


def test_the_same_restriction_twice_is_one_and_tells_no_address(
    write: Write, moderators_client: Client, reader: User
) -> None:
    comment = write()
    User.objects.filter(pk=reader.pk).update(name="")
    Commenter.objects.filter(pk=comment.commenter_id).update(user=reader)
    data = {"comment": comment.pk, "whom": "person", "kind": "hold", "days": 1, "reason": "Threats."}
    for _ in range(2):
        page = moderators_client.post(f"{QUEUE}restrict/", data, follow=True).content.decode()
    assert "for 1 day. It stands" in page
    assert reader.email not in page
    assert Restriction.objects.count() == 1
    assert comment.events.filter(reason="restricted", by__name="Mehak").exists()


def test_the_admins_tables_open(write: Write, moderators_client: Client) -> None:
    comment = write()
    for path in (
        "comment/",
        f"comment/{comment.pk}/change/",
        "term/add/",
        "restriction/add/",
        "policy/1/change/",
        "thread/add/",
    ):
        assert moderators_client.get(f"/admin/comments/{path}").status_code == 200, path
    response = moderators_client.post(
        "/admin/comments/restriction/add/", {"domain": "@Throwaway.Example", "kind": "hold"}
    )
    assert response.status_code == 302
    assert Restriction.objects.get().domain == "throwaway.example"
    page = moderators_client.post("/admin/comments/restriction/add/", {"domain": "", "kind": "hold"})
    assert "Name a domain, like example.org." in page.content.decode()
    assert not re.search(
        "Save and", moderators_client.get(f"/admin/comments/comment/{comment.pk}/change/").content.decode()
    )
