from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from articles.models import Author, Edition, EditionAuthor
from comments.models import Comment, Commenter, Policy, Restriction, Term, Thread
from comments.moderation import rules
from comments.moderation.context import MAX_PER_NETWORK, ModerationContext, Record, load_context
from comments.moderation.rules import Verdict
from comments.posting import confirm, post
from comments.posting.identity import KnownWriter, commenter_of, network_hashes
from comments.posting.post import Reply
from comments.text import fingerprint
from newsroom.models import User
from subscriptions.models import Subscription
from tests.comments.conftest import (
    Write,
    an_old_stamp,
    confirmed_guest,
    is_trusted,
    known,
    known_client,
    new_secret_key,
    token,
    trusted,
)


def _post(
    edition: Edition, commenter: Commenter, body: str = "A thought.", name: str = "Haseena", **more: object
) -> Comment:
    reply = Reply(body=body, name=name, stamp=an_old_stamp(), **more)  # type: ignore[arg-type]
    return post.post(reply, edition=edition, writer=known(commenter, name))


def _found(comment: Comment) -> dict[str, str]:
    return {hit["rule"]: hit["verdict"] for hit in comment.events.latest("pk").hits}


def test_a_trusted_writer_appears_at_once_and_a_new_one_waits(edition: Edition) -> None:
    assert _post(edition, trusted()).status == "approved"
    comment = _post(edition, confirmed_guest("new@example.org"))
    assert (comment.status, _found(comment)) == ("pending", {"trust": "HOLD"})


def test_trust_needs_approvals_on_a_confirmed_identity_and_no_rejection_of_late(write: Write, edition: Edition) -> None:
    writer = trusted()
    assert is_trusted(writer)
    rejected = write("Rude.", status="rejected")
    assert not is_trusted(writer)
    Comment.objects.filter(pk=rejected.pk).update(created_at=timezone.now() - timedelta(days=91))
    assert is_trusted(writer)
    writer.verified_at = None
    assert not is_trusted(writer)


def test_what_nobody_confirmed_harms_nobody(write: Write, edition: Edition) -> None:
    writer = trusted()
    somebodys = write("Rude.", status="spam")
    Comment.objects.filter(pk=somebodys.pk).update(confirmed_at=None)
    assert is_trusted(writer)


def test_each_waits_where_the_policy_says_so_and_paying_changes_nothing(
    edition: Edition, reader: User, policy: Policy
) -> None:
    Policy.objects.update(mode="pre")
    Subscription.objects.create(
        user=reader,
        stripe_id="sub_1",
        status="active",
        amount=1000,
        currency="usd",
        started_at=timezone.now(),
        current_period_end=timezone.now() + timedelta(days=9),
    )
    writer = KnownWriter(commenter_of(reader), reader.name, reader)
    reply = Reply(body="I pay.", name="Asma", stamp=an_old_stamp(), as_supporter=True)
    comment = post.post(reply, edition=edition, writer=writer)
    assert (comment.status, comment.badge) == ("pending", "supporter")
    assert _post(edition, trusted()).status == "pending"


def test_staff_skip_the_rules_and_wear_a_badge(edition: Edition, editor: User, policy: Policy) -> None:
    Policy.objects.update(mode="pre")
    writer = KnownWriter(commenter_of(editor), editor.name, editor)
    comment = post.post(Reply(body="We have asked.", name="Tariq"), edition=edition, writer=writer)
    assert (comment.status, comment.badge) == ("approved", "staff")
    comment = post.post(Reply(body="As one of many.", name="Tariq", without_badge=True), edition=edition, writer=writer)
    assert comment.badge == ""


@pytest.mark.parametrize(
    ("name", "account", "agreed", "badge"),
    [
        ("Tariq", False, False, "staff"),  # an equal name says nothing
        ("Tariq", True, False, "staff"),
        ("A pseudonym", True, False, "staff"),
        ("A pseudonym", True, True, "author"),
    ],
)
def test_an_authors_badge_needs_a_byline_that_is_theirs_and_their_word(
    name: str, account: bool, agreed: bool, badge: str, edition: Edition, editor: User
) -> None:
    author = Author.objects.create(name=name, slug="a", account=editor if account else None, account_agreed=agreed)
    EditionAuthor.objects.create(edition=edition, author=author)
    writer = KnownWriter(commenter_of(editor), editor.name, editor)
    assert post.post(Reply(body="Asked.", name="Tariq"), edition=edition, writer=writer).badge == badge
    elsewhere = Author.objects.create(name="Other", slug="o", account=editor, account_agreed=True)  # of other reports
    assert elsewhere.account_agreed
    EditionAuthor.objects.all().delete()
    assert post.post(Reply(body="Again.", name="Tariq"), edition=edition, writer=writer).badge == "staff"


def test_no_badge_tells_who_began_a_report_under_another_name(edition: Edition, reporter: User) -> None:
    edition.article.created_by = reporter
    edition.article.save()
    edition.article.authors.set([Author.objects.create(name="Staff correspondent", slug="staff-correspondent")])
    writer = KnownWriter(commenter_of(reporter), reporter.name, reporter)
    comment = post.post(Reply(body="We have asked.", name=reporter.name), edition=edition, writer=writer)
    assert comment.badge == "staff"


def test_a_reader_who_does_not_pay_gets_no_supporters_badge(edition: Edition, reader: User) -> None:
    reply = Reply(body="Me too.", name="Asma", as_supporter=True)
    assert post.post(reply, edition=edition, writer=KnownWriter(commenter_of(reader), "Asma", reader)).badge == ""


@pytest.mark.parametrize(
    ("more", "rule", "status"),
    [
        ({"honeypot": "http://x.example"}, "trap", "spam"),
        ({"stamp": ""}, "pace", "pending"),
        ({"stamp": "form:1:made-up"}, "pace", "pending"),
        ({"body": "https://a.example " * 6}, "links", "pending"),
        ({"body": "Look: https://аррӏе.example/"}, "links", "pending"),
        ({"name": "Nuzhat Kralwari"}, "name", "pending"),
        ({"name": "nuzhat  KRALWАRI."}, "name", "pending"),
        ({"name": "Admin"}, "name", "pending"),
        ({"name": "Núzhat Kraiwari"}, "name", "pending"),
        ({"name": "Nuzhat Kralwarı, writing at night"}, "name", "pending"),
        ({"name": "Zoya (the Editor)"}, "name", "pending"),
        ({"name": "Zoya Administratrix"}, None, "approved"),
        ({"name": "tariq"}, "name", "pending"),
        ({"name": "Tariq Ahmad Malik"}, None, "approved"),
        ({"body": "e" + "\u0301" * 50}, "text", "approved"),
    ],
)
def test_each_rule_gives_its_verdict(edition: Edition, more: dict[str, str], rule: str | None, status: str) -> None:
    Author.objects.create(name="Tariq", slug="tariq")
    sent = {"body": "A thought.", "name": "Haseena", "stamp": an_old_stamp(), **more}
    comment = post.post(Reply(**sent), edition=edition, writer=known(trusted()))  # type: ignore[arg-type]
    assert rule in _found(comment) if rule else not _found(comment)
    assert comment.status == status


@pytest.mark.parametrize(
    ("phrase", "verdict", "body", "found"),
    [
        ("cialis", "hold", "Ask a specialist.", False),
        ("cialis", "hold", "Buy CIALIS!", True),
        ("cialis", "reject", "Buy c\u200bialis!", True),
        ("ﬁne print", "flag", "the fine print", True),
        ("a.b", "hold", "axb", False),
        ("چور", "hold", "وہ چور ہے", True),
        ("چور", "hold", "چوری ہوئی", False),
        ("कल", "hold", "यह कला है", False),
        ("कल", "hold", "वह कल आया।", True),
        ("کتاب", "hold", "كِتاب", True),
        ("(", "hold", "smile :-(", True),
    ],
)
def test_listed_words_are_whole_words_in_any_script(
    edition: Edition, phrase: str, verdict: str, body: str, found: bool
) -> None:
    Term.objects.create(phrase=phrase, verdict=verdict)
    comment = _post(edition, trusted(), body)
    assert _found(comment).get("terms") == (verdict.upper() if found else None)
    expected = {"flag": "approved", "hold": "pending", "reject": "rejected"}[verdict] if found else "approved"
    assert comment.status == expected


@pytest.mark.parametrize("email", ["h@mailinator.com", "h@sub.mailinator.com", "h@bad.example", "h@sub.bad.example"])
def test_a_domain_reaches_a_guest_whose_address_is_known_only_by_its_hash(edition: Edition, email: str) -> None:
    Restriction.objects.create(domain="bad.example", kind="hold")
    comment = _post(edition, trusted(email))
    assert comment.status == "pending"
    assert _found(comment).keys() <= {"disposable", "restricted"}
    assert "example" not in str(Commenter.objects.values_list())


def test_the_worst_verdict_holds_and_every_reason_is_kept(edition: Edition) -> None:
    Term.objects.create(phrase="carpets", verdict="reject")
    comment = _post(
        edition, confirmed_guest("x@example.org"), "carpets https://a.example https://b.example", honeypot="x"
    )
    assert comment.status == "spam"
    assert _found(comment) == {"trap": "SPAM", "terms": "REJECT", "links": "HOLD", "trust": "HOLD"}


def test_the_same_words_by_many_are_held_and_then_spam(edition: Edition) -> None:
    trusted()
    body = "The same long words, again and again."
    seen = [
        _post(edition, confirmed_guest(f"{number}@example.org"), body.upper() if number else body)
        for number in range(5)
    ]
    verdicts = [_found(comment).get("same words") for comment in seen]
    assert verdicts == [None, "HOLD", "HOLD", "SPAM", "SPAM"]


def test_a_bad_record_holds(write: Write, edition: Edition) -> None:
    writer = trusted()
    for number in range(2):
        write(f"Rude {number}.", status="rejected")
    Comment.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert _found(_post(edition, writer))["record"] == "HOLD"


def test_bans_are_told_with_their_reason_and_end_by_themselves(edition: Edition) -> None:
    writer = trusted()
    ban = Restriction.objects.create(
        commenter=writer, kind="ban", reason="Threats.", until=timezone.now() + timedelta(days=2, minutes=1)
    )
    with pytest.raises(rules.Refused, match=r"for 2.days.*The reason: Threats\."):
        _post(edition, writer)
    Restriction.objects.filter(pk=ban.pk).update(until=timezone.now() - timedelta(seconds=1))
    assert _post(edition, writer).status == "approved"


def test_a_domain_or_a_network_is_held_or_banned_but_a_shared_network_harms_no_trusted_writer(edition: Edition) -> None:
    soon = timezone.now() + timedelta(days=1)
    Restriction.objects.create(domain="bad.example", kind="hold")
    Restriction.objects.create(network="n" * 64, kind="ban", until=soon)
    comment = post.post(
        Reply(body="Hello.", name="H", email="h@bad.example"),
        edition=edition,
        writer=known(confirmed_guest("h@bad.example")),
    )
    assert "restricted" in _found(comment)
    with pytest.raises(rules.Refused):
        post.post(Reply(body="Hello.", name="H", email="i@a.example", network="n" * 64), edition=edition, writer=None)
    assert _post(edition, trusted(), network="n" * 64).status == "approved"


def test_limits_for_a_person_say_when_to_try_again(edition: Edition) -> None:
    writer = confirmed_guest("x@example.org")
    for number in range(5):
        _post(edition, writer, f"Number {number}.")
        with pytest.raises(post.TooFast, match=r"try again in 1[345] seconds"):
            _post(edition, writer, "At once.")
        Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    with pytest.raises(post.TooFast, match="try again in 8 minutes"):
        _post(edition, writer, "A sixth.")
    assert _post(edition, writer, "Number 4.").body == "Number 4."  # the same again is the same comment


def test_limits_for_a_network_are_loose_and_not_for_those_who_are_known(edition: Edition) -> None:
    network = "n" * 64
    for number in range(MAX_PER_NETWORK):
        sent = Reply(body=f"No {number}.", name="G", email=f"{number}@example.org", network=network)
        post.post(sent, edition=edition, writer=None)
    with pytest.raises(post.TooFast):
        post.post(Reply(body="x", name="G", email="x@example.org", network=network), edition=edition, writer=None)
    _post(edition, confirmed_guest("known@example.org"), network=network)


def test_rules_are_asked_again_when_the_address_is_confirmed(edition: Edition) -> None:
    sent = Reply(body="Hello there.", name="G", email="g@mailinator.com", honeypot="x", stamp=an_old_stamp())
    comment = post.post(sent, edition=edition, writer=None)
    Term.objects.create(phrase="hello", verdict="hold")
    (comment,) = confirm.confirm_comments(comment.commenter, [comment.pk])
    assert comment.status == "spam"
    assert _found(comment) == {"trap": "SPAM", "disposable": "HOLD", "terms": "HOLD", "trust": "HOLD"}


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([], "approved"),
        (["FLAG"], "approved"),
        (["HOLD", "FLAG"], "pending"),
        (["HOLD", "REJECT", "FLAG"], "rejected"),
        (["REJECT", "SPAM", "HOLD"], "spam"),
    ],
)
def test_the_worst_verdict_decides_whatever_else_was_found(verdicts: list[str], status: str) -> None:
    hits = [rules.Hit("any", Verdict[verdict], "") for verdict in verdicts]
    assert rules.status_after(hits) == status


@pytest.mark.parametrize(
    ("target", "known"),
    [("person", True), ("domain", True), ("domain", False), ("network", True), ("network", False)],
)
def test_a_ban_holds_under_a_new_secret_key(edition: Edition, settings: Settings, target: str, known: bool) -> None:
    address = "troll@sub.bad.example"
    device = known_client(address, "Troll") if known else Client()
    targets = {
        "person": {"commenter": confirmed_guest(address)},
        "domain": {"domain": "bad.example"},
        "network": {"network": network_hashes(RequestFactory().get("/"))[0]},
    }
    Restriction.objects.create(kind="ban", until=timezone.now() + timedelta(days=1), **targets[target])  # type: ignore[arg-type]
    with new_secret_key(settings):
        sent = {"body": "Me again.", "name": "Troll", "email": "" if known else address, **token(device)}
        response = device.post(f"{edition.get_absolute_url()}comments/", sent)
    assert response.status_code == 403
    assert "A moderator has decided that you cannot comment here" in response.content.decode()


def _submission(
    body: str = "A thought.",
    name: str = "Haseena",
    *,
    trusted: bool = True,
    record: tuple[int, int, int] = (3, 3, 0),
    mode: str = "post",
    user: User | None = None,
    too_fast: bool | None = None,
    **facts: object,
) -> rules.Submission:
    """What a confirmed guest sends; `record`: approved at all, sent and rejected in the last 90 days."""
    known_facts: dict[str, Any] = {
        "policy": Policy(),
        "thread": Thread(),
        "record": Record(*record),
        "verified": trusted,
        "restrictions": [],
        "terms": [],
        "staff_names": (),
        "copies": 0,
        "sent_at": [],
        "network_full_since": None,
        "duplicate": None,
        **facts,
    }
    return rules.Submission(
        Commenter(email_hash="x"), body, name, mode, ModerationContext(**known_facts), user=user, too_fast=too_fast
    )


def _verdicts(submission: rules.Submission) -> dict[str, str]:
    return {hit.rule: hit.verdict.name for hit in rules.judge(submission)}


@pytest.mark.parametrize(("trusted", "allowed"), [(False, 1), (True, 5)])
def test_as_many_links_as_allowed_pass_and_one_more_is_held(trusted: bool, allowed: int) -> None:
    links = [f"https://{letter}.example" for letter in "abcdefgh"]
    assert "links" not in _verdicts(_submission(" ".join(links[:allowed]), trusted=trusted))
    (hit,) = [
        hit for hit in rules.judge(_submission(" ".join(links[: allowed + 1]), trusted=trusted)) if hit.rule == "links"
    ]
    assert (hit.verdict, hit.reason) == (Verdict.HOLD, f"{allowed + 1} links")
    assert len(hit.words) == allowed + 1


@pytest.mark.parametrize(("too_fast", "held"), [(True, True), (False, False), (None, False)])
def test_a_comment_sent_too_fast_is_held(too_fast: bool | None, held: bool) -> None:
    assert _verdicts(_submission(too_fast=too_fast)) == ({"pace": "HOLD"} if held else {})


@pytest.mark.parametrize(
    ("sent", "rejected", "held"),
    [(1, 1, False), (2, 2, True), (6, 2, True), (7, 2, False), (10, 3, True), (11, 3, False)],
)
def test_from_two_rejections_and_three_of_ten_on_a_record_holds(sent: int, rejected: int, held: bool) -> None:
    assert ("record" in _verdicts(_submission(record=(3, sent, rejected)))) is held


@pytest.mark.parametrize(
    ("length", "copies", "verdict"), [(19, 9, None), (20, 0, None), (20, 1, "HOLD"), (20, 2, "HOLD"), (20, 3, "SPAM")]
)
def test_the_same_words_count_from_twenty_characters_on(length: int, copies: int, verdict: str | None) -> None:
    assert _verdicts(_submission("x" * length, copies=copies)).get("same words") == verdict


@pytest.mark.parametrize(
    ("approved", "rejected", "verified", "trusted"),
    [(2, 0, True, False), (3, 0, True, True), (3, 1, True, False), (3, 0, False, False)],
)
def test_a_writer_is_trusted_from_the_third_approval_on(
    approved: int, rejected: int, verified: bool, trusted: bool
) -> None:
    submission = _submission(record=(approved, 3, rejected), verified=verified)
    assert ("trust" not in _verdicts(submission)) is trusted


def test_premoderation_holds_a_trusted_writer_and_staff_are_not_judged() -> None:
    assert _verdicts(_submission(mode="pre")) == {"policy": "HOLD"}
    assert rules.judge(_submission(mode="pre", user=User(is_staff=True))) == []
    assert _verdicts(_submission(mode="pre", user=User())) == {"policy": "HOLD"}


def test_all_verdicts_are_listed_with_the_worst_first() -> None:
    hits = rules.judge(
        _submission("Buy carpets, now and here!", trusted=False, terms=[("carpets", "reject")], copies=3)
    )
    assert [hit.rule for hit in hits] == ["same words", "terms", "trust"]


def test_a_comment_with_several_listed_words_gets_the_worst_verdict_and_names_them_all() -> None:
    terms = [("rude", "flag"), ("carpets", "reject"), ("cheap", "hold"), ("absent", "spam")]
    (hit,) = rules.judge(_submission("Rude, cheap carpets.", terms=terms))
    assert (hit.verdict, hit.words) == (Verdict.REJECT, ("rude", "carpets", "cheap"))
    assert hit.reason == "listed words: rude, carpets, cheap"
    assert _verdicts(_submission("Nothing of it.", name="Carpets", terms=terms)) == {"terms": "REJECT"}


def test_only_a_hold_restricts_and_it_says_why() -> None:
    hold = Restriction(domain="bad.example", kind="hold")
    ban = Restriction(domain="bad.example", kind="ban")
    assert _verdicts(_submission(restrictions=[ban])) == {}
    (hit,) = rules.judge(_submission(restrictions=[ban, hold]))
    assert (hit.rule, hit.reason) == ("restricted", f"a moderator wants to see these: {hold}")
    hold.reason = "Sells carpets."
    (hit,) = rules.judge(_submission(restrictions=[hold]))
    assert hit.reason == "a moderator wants to see these: Sells carpets."


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("Nuzhat Kralwari", True),
        ("NuzhatKralwari", True),
        ("I am Nuzhat Kralwari", True),
        ("Nuzhat Kralwari again", True),
        ("Nuzhat", False),
        ("Tariq", True),
        ("Tariq Malik", False),
        ("The newsroom", True),
        ("Haseena", False),
    ],
)
def test_a_name_of_the_newsroom_is_held_whole_and_within_a_longer_one(name: str, held: bool) -> None:
    submission = _submission(name=name, staff_names=("Nuzhat Kralwari", "Tariq", ""))
    assert _verdicts(submission) == ({"name": "HOLD"} if held else {})


@pytest.mark.parametrize(
    "name",
    ["ᴛᴀʀɪǫ ᴡᴀɴɪ", "Тагіq Wani", "TARlQ WANl", "ꓔaríq Waní", "Tariq  Ꮃani", "Ｔａｒｉｑ Ｗａｎｉ", "T.a.r.i.q W.a.n.i"],
)
def test_a_name_is_seen_through_letters_that_look_alike(name: str) -> None:
    assert _verdicts(_submission(name=name, staff_names=("Tariq Wani",))) == {"name": "HOLD"}


@pytest.mark.parametrize(
    "name", ["The Valley Ledger", "Valley Ledger", "VALLEY LEDGER desk", "Ⅴalley Lеdger", "valleyledger"]
)
def test_the_outlets_own_name_is_nobody_elses(name: str, edition: Edition) -> None:
    assert "The Valley Ledger" in load_context(confirmed_guest("a@example.org"), article=0, body="").staff_names
    names = load_context(confirmed_guest("a@example.org"), article=0, body="").staff_names
    assert _verdicts(_submission(name=name, staff_names=names)) == {"name": "HOLD"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("buy сіаlis", True),  # Cyrillic letters within
        ("buy сіаӏіѕ now", True),  # one whole word of them
        ("buy c1al1s", True),
        ("buy ᴄɪᴀʟɪs", True),
        ("specialist", False),
        ("Всё это слова сор и сыр.", False),  # a text that is in Cyrillic
        ("یہ ایک تبصرہ ہے۔", False),
        ("Café in 1013, 5 of 10 rooms", False),
        ("COVID19 and G20", False),
    ],
)
def test_a_listed_word_is_seen_through_letters_that_look_alike(text: str, found: bool) -> None:
    terms = [("cialis", "hold"), ("cop", "hold"), ("cbip", "hold")]
    assert _verdicts(_submission(text, terms=terms)) == ({"terms": "HOLD"} if found else {})


def test_accents_in_towers_are_flagged_in_the_name_too() -> None:
    tower = "e" + "\u0301" * 50
    assert _verdicts(_submission(name=tower)) == {"text": "FLAG"}
    assert _verdicts(_submission(body=tower)) == {"text": "FLAG"}


def test_a_ban_names_its_end_and_reason_only_where_it_has_them() -> None:
    with pytest.raises(rules.Refused) as refused:
        rules.require_allowed(_submission(restrictions=[Restriction(domain="bad.example", kind="ban")]))
    assert str(refused.value) == "A moderator has decided that you cannot comment here."
    rules.require_allowed(_submission(restrictions=[Restriction(domain="bad.example", kind="hold")]))
    rules.require_allowed(_submission(restrictions=[Restriction(kind="hold"), Restriction(kind="ban", network="n")]))
    for known_writer, network in ((True, ""), (False, "n")):
        held_then_banned = [Restriction(kind="hold"), Restriction(kind="ban", network=network)]
        with pytest.raises(rules.Refused):
            rules.require_allowed(_submission(trusted=known_writer, restrictions=held_then_banned))


def test_staff_are_not_banned_but_nobody_comments_where_it_is_closed() -> None:
    ban = Restriction(domain="bad.example", kind="ban")
    rules.require_allowed(_submission(user=User(is_staff=True), restrictions=[ban]))
    with pytest.raises(rules.Refused):
        rules.require_allowed(_submission(user=User(), restrictions=[ban]))
    with pytest.raises(rules.Refused, match="closed"):
        rules.require_allowed(_submission(user=User(is_staff=True), mode="closed"))


def _written(edition: Edition, writer: Commenter, ago: timedelta, body: str = "Words.", **more: object) -> Comment:
    at = timezone.now() - ago
    fields = {"status": "approved", "confirmed_at": at, "fingerprint": "same", **more}
    return Comment.objects.create(
        article=edition.article, edition_number=1, commenter=writer, name="H", body=body, created_at=at, **fields
    )


A_MOMENT = timedelta(seconds=5)


def test_the_last_five_comments_of_ten_minutes_are_counted(edition: Edition) -> None:
    writer = confirmed_guest("x@example.org")

    def recent() -> int:
        return len(load_context(writer, article=edition.article_id, body="").sent_at)

    _written(edition, writer, timedelta(minutes=10) + A_MOMENT)
    assert recent() == 0
    _written(edition, writer, timedelta(minutes=10) - A_MOMENT)
    assert recent() == 1
    for _ in range(3):
        _written(edition, writer, timedelta(minutes=1))
    assert recent() == 4
    for _ in range(2):
        _written(edition, writer, timedelta(minutes=1))
    assert recent() == 5


def test_the_fortieth_stranger_of_a_network_in_ten_minutes_is_counted(edition: Edition) -> None:
    writer = confirmed_guest("x@example.org")
    network = "n" * 64

    def fortieth() -> object:
        return load_context(writer, article=edition.article_id, body="", network=network).network_full_since

    for _ in range(39):
        _written(edition, writer, timedelta(minutes=1), network=network, confirmed_at=None)
    _written(edition, writer, timedelta(minutes=1), network=network)  # of somebody who is known
    _written(edition, writer, timedelta(minutes=1), network="o" * 64, confirmed_at=None)
    _written(edition, writer, timedelta(minutes=10) + A_MOMENT, network=network, confirmed_at=None)
    assert fortieth() is None
    oldest = _written(edition, writer, timedelta(minutes=10) - A_MOMENT, network=network, confirmed_at=None)
    assert fortieth() == oldest.created_at


def test_copies_of_the_same_words_are_counted_for_a_day_and_up_to_three(edition: Edition) -> None:
    writer = confirmed_guest("x@example.org")
    body = "The same long words, again and again."

    def copies(exclude: int | None = None) -> int:
        return load_context(writer, article=edition.article_id, body=body, exclude=exclude).copies

    same = {"body": body, "fingerprint": fingerprint(body)}
    _written(edition, writer, timedelta(days=1) + A_MOMENT, **same)
    assert copies() == 0
    first = _written(edition, writer, timedelta(days=1) - A_MOMENT, **same)
    assert (copies(), copies(exclude=first.pk)) == (1, 0)
    for _ in range(3):
        _written(edition, writer, timedelta(0), **same)
    assert copies() == 3


def test_a_record_counts_approvals_for_ever_and_rejections_for_ninety_days(edition: Edition) -> None:
    writer = confirmed_guest("x@example.org")
    for ago in (timedelta(days=90) + A_MOMENT, timedelta(days=90) - A_MOMENT):
        for status in ("approved", "rejected", "spam", "pending"):
            _written(edition, writer, ago, status=status)
    _written(edition, writer, timedelta(0), status="rejected", confirmed_at=None)
    assert load_context(writer, article=edition.article_id, body="").record == Record(2, 4, 2)


@pytest.mark.parametrize(
    ("submission", "reason"),
    [
        (_submission(record=(3, 6, 2)), "2 of 6 comments in 90 days were rejected"),
        (_submission(name="The newsroom"), "a name like one of the newsroom's"),
        (_submission("x" * 20, copies=1), "the same words were sent before"),
        (_submission(too_fast=True), "sent faster than anybody types"),
        (_submission("e" + "\u0301" * 50), "towers of accents, taken down"),
        (_submission(mode="pre"), "each comment waits here"),
        (_submission(record=(2, 2, 0)), "the writer is not trusted yet"),
    ],
)
def test_each_verdict_comes_with_its_reason(submission: rules.Submission, reason: str) -> None:
    assert reason in [hit.reason for hit in rules.judge(submission)]
