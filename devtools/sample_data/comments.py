"""Sample comments: none under most articles, most under a few, and one very long thread."""

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
from devtools.sample_data.bulk_insert import Rows, bulk_insert, next_free_pk
from devtools.sample_data.plan import DOMAIN, Plan, Zipf

LONGEST_THREAD = 33_000  # comments, but at most the share below of all
LONGEST_THREAD_SHARE = 1 / 150
MIN_OF_STATUS = 120  # comments pending, spam and unconfirmed: at least so many of each, else one in a thousand
COMMENTS_PER_TEXT = 250  # that share one text
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
class Draft:
    """A comment of the thread that is being generated."""

    pk: int
    at: datetime
    status: str
    root: "Draft | None"
    answers: int = 0


def fill(plan: Plan) -> None:
    """Create commenters, comments, moderation events and reports."""
    random = plan.random("comments")
    commenters, writer_skew = next_free_pk(Commenter), Zipf(2 * plan.readers, flat=100)
    bodies = [
        f"{plan.text(random, random.randint(4, 90))}. (Invented.)"
        for _ in range(1 + plan.comments // COMMENTS_PER_TEXT)
    ]
    texts = [(body, comment_html(body), fingerprint(body)) for body in bodies]
    first_article = next_free_pk(Article) - plan.articles
    rare = max(MIN_OF_STATUS, plan.comments // 1_000) / max(1, plan.comments)

    def add(rows: Rows, draft: Draft, article: int) -> None:
        pk, at, status, root = draft.pk, draft.at, draft.status, draft.root and draft.root.pk
        writer = commenters + writer_skew.pick(random)
        shown = at if status == Status.APPROVED else None
        confirmed = None if status == Status.UNCONFIRMED else at
        reported = bool(shown) and random.random() < rare
        picked = at if shown and root is None and random.random() < 0.0005 else None
        rows.add(
            Comment,
            *(pk, UUID(int=random.getrandbits(128), version=4), article, 1, writer, root, root),
            *(f"Invented reader {writer}", *random.choice(texts), status, draft.answers, int(reported)),
            *(at, confirmed, shown, at, picked),
        )
        decided = status == Status.REJECTED or random.random() < 0.2
        if decided and status != Status.UNCONFIRMED:
            by = random.choice(plan.staff)
            rows.add(
                ModerationEvent,
                rows.next_pk(ModerationEvent),
                pk,
                Status.PENDING,
                status,
                by,
                at + timedelta(minutes=5),
            )
        if reported:
            rows.add(Report, rows.next_pk(Report), pk, commenters, "abuse", at)

    with bulk_insert(COLUMNS) as rows:
        for number in range(2 * plan.readers):  # readers with an account, and as many guests
            person = plan.people[number] if number < plan.readers else None
            rows.add(Commenter, commenters + number, email_hash(f"writer-{number}@{DOMAIN}"), person, plan.now)
        for number, count in _threads(plan, random):
            began = plan.published_at(number)
            thread: list[Draft] = []
            roots: list[Draft] = []
            for place in range(count):
                at = began + (plan.now - began) * (place / count) ** 3  # most in the first days, the last years later
                root = random.choice(roots) if roots and random.random() < 0.4 else None
                draft = Draft(rows.next_pk(Comment), at, _pick_status(random, rare), root)
                thread.append(draft)
                if draft.status == Status.APPROVED:
                    if root is None:
                        roots.append(draft)
                    else:
                        root.answers += 1
            for draft in thread:
                add(rows, draft, first_article + number)
            rows.add(Thread, first_article + number, sum(each.status == Status.APPROVED for each in thread))
    popularity.recalculate(plan.now)


def _threads(plan: Plan, random: Random) -> list[tuple[int, int]]:
    """Return (article's number, count) of the articles that have comments."""
    longest = min(LONGEST_THREAD, int(plan.comments * LONGEST_THREAD_SHARE))
    counts = Counter({plan.articles * 99 // 100: longest})
    discussed = random.sample(range(plan.articles), max(1, plan.articles * 2 // 5))
    skew = Zipf(len(discussed), flat=100)
    for _ in range(plan.comments - longest):
        counts[discussed[skew.pick(random)]] += 1
    return sorted(counts.items())


def _pick_status(random: Random, rare: float) -> str:
    """Return a comment's status; `rare` is the share of each status that moderators have to look at."""
    drawn = random.random()
    if drawn < 3 * rare:
        return (Status.PENDING, Status.SPAM, Status.UNCONFIRMED)[int(drawn / rare)]
    return Status.REJECTED if drawn > 0.96 else Status.APPROVED
