"""Fifty moderators decide while readers write, all at once, on a real database."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.db.models import Count, F, Q
from django.utils import timezone

from articles.models import Author, Edition, Section
from articles.publishing import workflow
from comments.models import Comment, Commenter, ModerationEvent, Policy, Thread, domain_hashes, email_hash
from comments.moderation import rules, transitions
from comments.posting import post as posting
from comments.posting.identity import KnownWriter
from newsroom.models import User
from tests.factories import make_article

SECONDS = 20
WRITER_PROCESSES = 4
POST_RATE = 200  # a second, by all of them together
MODERATOR_PROCESSES = 2
MODERATORS = 50  # in all of them together
MAX_THINK_TIME = 1.0  # seconds of a moderator for a decision: 100 decisions a second by all of them together


@pytest.fixture
def outlet(transactional_db: None) -> Iterator[None]:
    """Publish three articles to comment on, one of which gets most comments. Queued mail is deleted at the end."""

    Policy.objects.get_or_create(pk=1)
    section, author = Section.objects.create(name="K", slug="k"), Author.objects.create(name="A", slug="a")
    for number in range(3):
        workflow.publish(make_article(section, author, headline=f"Drill {number}"), by=None)
    User.objects.bulk_create(User(email=f"{n}@staff.example", name=f"M {n}", is_staff=True) for n in range(MODERATORS))
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_workers CASCADE")
    cache.clear()


def test_fifty_moderators_and_two_hundred_posts_a_second(outlet: None) -> None:

    # Each process is a fork with connections of its own: nothing open is left to be shared.
    connections.close_all()
    connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["OPTIONS"].pop("pool")
    begin = time.time() + 6
    with ProcessPoolExecutor(WRITER_PROCESSES + MODERATOR_PROCESSES, mp_context=get_context("fork")) as pool:
        writers = [pool.submit(_write, begin, number) for number in range(WRITER_PROCESSES)]
        deciders = [pool.submit(_decide, begin, number) for number in range(MODERATOR_PROCESSES)]
        wrote: Counter[str] = sum((writer.result() for writer in writers), Counter())
        decided: Counter[str] = sum((decider.result() for decider in deciders), Counter())

    print(f"\n{SECONDS} s, {MODERATORS} moderators: {dict(wrote)}, {dict(decided)}")
    assert not wrote["failed"], "a post was lost, or the database stood in its own way"
    assert not decided["failed"]
    assert wrote["kept"] > 0
    assert decided["approved"] > 0
    assert Comment.objects.count() == wrote["kept"] == Comment.objects.values("body").distinct().count()
    assert (
        ModerationEvent.objects.filter(by__isnull=False).count()
        == decided["approved"] + decided["rejected"] + decided["spam"]
    )
    assert ModerationEvent.objects.filter(from_status="").count() == wrote["kept"]
    for thread in Thread.objects.all():
        assert thread.approved == Comment.objects.approved().filter(article=thread.article_id).count()
    answered = Count("thread", filter=Q(thread__status="approved"))
    assert not Comment.objects.roots().annotate(right=answered).exclude(answers=F("right")).exists()
    direct = Count("replies", filter=Q(replies__status="approved"))
    assert not Comment.objects.filter(root__isnull=False).annotate(right=direct).exclude(answers=F("right")).exists()


def _in_threads(count: int, work: Callable[[int, Counter[str]], None]) -> Counter[str]:
    totals = [Counter[str]() for _ in range(count)]

    def run(number: int) -> None:
        try:
            work(number, totals[number])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(totals, Counter())


def _write(begin: float, process: int) -> Counter[str]:
    """Post at an even pace, as far as the machine keeps up; a third of the comments are replies."""

    editions = list(Edition.objects.live())
    share, hands = POST_RATE / WRITER_PROCESSES, 4
    writers = _people(process, int(share * SECONDS))

    def work(number: int, told: Counter[str]) -> None:
        chance = random.Random(process * 100 + number)
        for post in range(int(share * SECONDS / hands)):
            due = begin + post * hands / share
            time.sleep(max(0.0, due - time.time()))
            if time.time() > begin + SECONDS:
                told["too late to be sent"] += 1
                continue
            writer = Commenter.objects.get(pk=writers[post * hands + number])
            edition = editions[0] if chance.random() < 0.7 else chance.choice(editions)
            parent = None
            if chance.random() < 0.33:
                approved = Comment.objects.approved().filter(article=edition.article_id)
                parent = approved.order_by("-pk")[chance.randrange(20) :].first()
            reply = posting.Reply(body=f"Post {post} by {number} of {process}.", name="W", parent=parent)
            try:
                posting.post(reply, edition=edition, writer=KnownWriter(writer, "W"))
                told["kept"] += 1
            except rules.Refused:
                told["refused: what it answers was taken away"] += 1
            except Exception as error:
                told["failed"] += 1
                print(repr(error))

    return _in_threads(hands, work)


def _people(process: int, count: int) -> list[int]:
    """Return guests with a confirmed device, each to write once."""
    addresses = [f"{process}-{number}@example.org" for number in range(count)]
    people = (
        Commenter(email_hash=email_hash(each), domains=domain_hashes(each), verified_at=timezone.now())
        for each in addresses
    )
    return [person.pk for person in Commenter.objects.bulk_create(people)]


def _decide(begin: float, process: int) -> Counter[str]:
    """Decide on pending comments, or change a decision, as each moderator in turn."""

    staff = list(User.objects.filter(is_staff=True).order_by("pk"))[process::MODERATOR_PROCESSES]

    def work(number: int, told: Counter[str]) -> None:
        chance = random.Random(process * 100 + number)
        time.sleep(max(0.0, begin - time.time()))
        while time.time() < begin + SECONDS:
            status = chance.choice(["pending", "pending", "pending", "approved", "rejected"])
            rows = Comment.objects.filter(status=status).order_by("pk")
            time.sleep(chance.random() * MAX_THINK_TIME)
            comment = rows[chance.randrange(30) :].first()
            if comment is None:
                continue
            to = chance.choice([to for to in transitions.DECISIONS[status] if to != "spam"] or ["spam"])
            try:
                transitions.change_status(
                    comment, to, by=staff[number], expected=status, revision=comment.revision, reason="other"
                )
                told[to] += 1
            except transitions.Conflict:
                told["came too late"] += 1
            except Exception as error:
                told["failed"] += 1
                print(repr(error))

    return _in_threads(len(staff), work)
