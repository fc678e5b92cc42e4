"""The archive's conversations: nothing under most reports, nearly all under a few, and one thread without end."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import Model

from articles import popularity
from articles.models import Article
from comments.models import Comment, Commenter, ModerationEvent, Report, Thread, email_hash
from comments.text import comment_html, fingerprint
from devtools.sample_data.people import DOMAIN, Plan, Rows, Skew, filling, first_free

LONGEST, OF_ALL = 33_000, 150  # the longest thread, and the part of all comments that it has at most
ASIDE = 120  # of each kind that moderators look at there are so many at least, and one in a thousand
TEXTS = 250  # of so many comments one has words of its own
Status = Comment.Status

COLUMNS: dict[type[Model], str] = {
    Commenter: "id email_hash user_id verified_at",
    Comment: "id public_id article_id edition_number commenter_id root_id parent_id name body html fingerprint status"
    " answers reports created_at confirmed_at published_at status_at picked_at",
    ModerationEvent: "id comment_id from_status to_status by_id at",
    Report: "id comment_id commenter_id reason created_at",
    Thread: "article_id approved",
}


@dataclass(slots=True)
class Written:
    """One comment of a thread that is being made."""

    pk: int
    at: datetime
    status: str
    root: "Written | None"
    answers: int = 0


def fill(plan: Plan) -> None:
    random = plan.random("comments")
    commenters, of_writer = first_free(Commenter), Skew(2 * plan.readers, flat=100)
    bodies = [f"{plan.text(random, random.randint(4, 90))}. (Invented.)" for _ in range(1 + plan.comments // TEXTS)]
    texts = [(body, comment_html(body), fingerprint(body)) for body in bodies]
    first_article = first_free(Article) - plan.articles
    aside = max(ASIDE, plan.comments // 1_000) / max(1, plan.comments)

    def add(rows: Rows, written: Written, article: int) -> None:
        pk, at, status, root = written.pk, written.at, written.status, written.root and written.root.pk
        writer = commenters + of_writer.pick(random)
        shown = at if status == Status.APPROVED else None
        confirmed = None if status == Status.UNCONFIRMED else at
        reported = bool(shown) and random.random() < aside
        picked = at if shown and root is None and random.random() < 0.0005 else None
        rows.add(
            Comment,
            *(pk, UUID(int=random.getrandbits(128), version=4), article, 1, writer, root, root),
            *(f"Invented reader {writer}", *random.choice(texts), status, written.answers, int(reported)),
            *(at, confirmed, shown, at, picked),
        )
        decided = status == Status.REJECTED or random.random() < 0.2
        if decided and status != Status.UNCONFIRMED:
            by = random.choice(plan.staff)
            rows.add(
                ModerationEvent, rows.take(ModerationEvent), pk, Status.PENDING, status, by, at + timedelta(minutes=5)
            )
        if reported:
            rows.add(Report, rows.take(Report), pk, commenters, "abuse", at)

    with filling(COLUMNS) as rows:
        for number in range(2 * plan.readers):  # readers with an account, and as many guests
            person = plan.people[number] if number < plan.readers else None
            rows.add(Commenter, commenters + number, email_hash(f"writer-{number}@{DOMAIN}"), person, plan.now)
        for number, count in _threads(plan, random):
            began = plan.appeared(number)
            thread: list[Written] = []
            roots: list[Written] = []
            for place in range(count):
                at = began + (plan.now - began) * (place / count) ** 3  # most at once, the last years later
                root = random.choice(roots) if roots and random.random() < 0.4 else None
                written = Written(rows.take(Comment), at, _status(random, aside), root)
                thread.append(written)
                if written.status == Status.APPROVED:
                    if root is None:
                        roots.append(written)
                    else:
                        root.answers += 1
            for written in thread:
                add(rows, written, first_article + number)
            rows.add(Thread, first_article + number, sum(each.status == Status.APPROVED for each in thread))
    popularity.recalculate(plan.now)


def _threads(plan: Plan, random: Random) -> list[tuple[int, int]]:
    """How many comments the reports (by number) have that have any."""
    longest = min(LONGEST, plan.comments // OF_ALL)
    counts = Counter({plan.articles * 99 // 100: longest})
    discussed = random.sample(range(plan.articles), max(1, plan.articles * 2 // 5))
    skew = Skew(len(discussed), flat=100)
    for _ in range(plan.comments - longest):
        counts[discussed[skew.pick(random)]] += 1
    return sorted(counts.items())


def _status(random: Random, aside: float) -> str:
    drawn = random.random()
    if drawn < 3 * aside:
        return (Status.PENDING, Status.SPAM, Status.UNCONFIRMED)[int(drawn / aside)]
    return Status.REJECTED if drawn > 0.96 else Status.APPROVED
