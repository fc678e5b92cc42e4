"""All that limits and rules have to know of what somebody sends, in one question to the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, CharField, Count, DateTimeField, F, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from articles.models import Author
from comments.models import Comment, Commenter, Policy, Restriction, Term, Thread
from comments.text import fingerprint
from newsroom.db.json_rows import from_json_row, json_row
from newsroom.db.prepared_queries import Param, PreparedQuery
from newsroom.models import User

TRUSTED_AFTER = 3  # approvals
LOOKS_BACK = timedelta(days=90)
SAME_WORDS_WITHIN = timedelta(days=1)  # by anybody, and from the same writer
SPAM_COPIES = 3
WITHIN, MOST, MOST_OF_A_NETWORK = timedelta(minutes=10), 5, 40
NOBODY = 0  # no row has this id


@dataclass(frozen=True)
class Record:
    """What became of what somebody wrote: approved at all, and of the last 90 days all and those rejected.

    What nobody confirmed does not count: anybody can type anybody's address.
    """

    approved: int = 0
    of_late: int = 0
    rejected_of_late: int = 0


@dataclass(frozen=True)
class ModerationContext:
    """What is known. `recent`: when their last ones were sent, the newest first, and `of_network`: when the 40th last
    of all strangers on their network was, both of the last ten minutes; `copies`: of the same words, since yesterday;
    `repeated`: the comment of theirs that says the same in the same place.
    """

    policy: Policy
    thread: Thread
    record: Record
    verified: bool
    restrictions: list[Restriction]
    terms: list[tuple[str, str]]
    names: tuple[str, ...]
    copies: int
    recent: list[datetime]
    of_network: datetime | None
    repeated: int | None

    def mode(self, *, appeared: datetime) -> str:
        """How comments are treated now on the article, which appeared then."""
        return self.thread.mode_under(self.policy, appeared=appeared)

    @property
    def trusted(self) -> bool:
        """Approved often enough, on a confirmed identity, and not rejected of late."""
        return self.verified and self.record.approved >= TRUSTED_AFTER and not self.record.rejected_of_late


def load_context(
    commenter: Commenter,
    *,
    article: int,
    body: str,
    network: str = "",
    parent: int | None = None,
    confirmed: bool = True,
    but: int | None = None,
) -> ModerationContext:
    """About this text by this writer. `confirmed`: whether we know that it is them; `but`: the comment itself, where it
    is kept already.
    """
    now = timezone.now()
    (found,) = CONTEXT_QUERIES[confirmed].rows(
        commenter=commenter.pk,
        article=article,
        body=body,
        network=network,
        parent=parent or NOBODY,
        but=but or NOBODY,
        fingerprint=fingerprint(body),
        now=now,
        lately=now - WITHIN,
        yesterday=now - SAME_WORDS_WITHIN,
        long_ago=now - LOOKS_BACK,
    )
    restrictions = [from_json_row(Restriction, row) for row in found.restriction_rows]
    return ModerationContext(
        policy=found,
        thread=from_json_row(Thread, found.thread_row or {"article_id": article}),
        record=Record(**(found.record_row or {})),
        verified=commenter.verified_at is not None,
        restrictions=[one for one in restrictions if one.concerns(commenter)],
        terms=[(row["phrase"], row["verdict"]) for row in found.term_rows],
        names=(*found.staff, *found.authors),
        copies=len(found.copies),
        recent=found.recent,
        of_network=found.of_network,
        repeated=found.repeated,
    )


def _question(*, confirmed: bool) -> QuerySet[Policy]:
    now, long_ago = Param("now", DateTimeField()), Param("long_ago", DateTimeField())
    lately, yesterday = Param("lately", DateTimeField()), Param("yesterday", DateTimeField())
    commenter, article = Param("commenter", BigIntegerField()), Param("article", BigIntegerField())
    parent, but = Param("parent", BigIntegerField()), Param("but", BigIntegerField())
    network = Param("network", CharField())
    written = Comment.objects.filter(commenter=commenter)
    of_late = Q(created_at__gt=long_ago)
    record = JSONObject(
        approved=Count("pk", filter=Q(status="approved")),
        of_late=Count("pk", filter=of_late),
        rejected_of_late=Count("pk", filter=of_late & Q(status__in=["rejected", "spam"])),
    )
    sent = written.filter(confirmed_at__isnull=not confirmed)
    # Found by its writer, not by its article, which may have any number: so the article is no column of an index here.
    same = sent.filter(body=Param("body", TextField()), created_at__gt=yesterday).alias(
        under=F("article") + NOBODY, above=Coalesce("parent", NOBODY, output_field=BigIntegerField())
    )
    same = same.filter(under=article, above=parent)
    copies = Comment.objects.exclude(fingerprint="").exclude(pk=but)
    copies = copies.filter(fingerprint=Param("fingerprint", CharField()), created_at__gt=yesterday)
    strangers = Comment.objects.exclude(network="").filter(network=network, confirmed_at=None, created_at__gt=lately)
    staff = User.objects.filter(is_staff=True).exclude(name="")
    return Policy.objects.annotate(
        thread_row=Subquery(Thread.objects.filter(pk=article).values(row=json_row(Thread))),
        record_row=Subquery(written.filter(confirmed_at__isnull=False).values("commenter").values(row=record)),
        restriction_rows=ArraySubquery(
            Restriction.objects.in_force(now).which_may_reach(commenter, network).values(row=json_row(Restriction))
        ),
        term_rows=ArraySubquery(Term.objects.values(row=JSONObject(phrase="phrase", verdict="verdict"))),
        staff=ArraySubquery(staff.order_by().values("name")),
        authors=ArraySubquery(Author.objects.order_by().values("name")),
        copies=ArraySubquery(copies.order_by().values("pk")[:SPAM_COPIES]),
        recent=ArraySubquery(sent.filter(created_at__gt=lately).order_by("-created_at").values("created_at")[:MOST]),
        of_network=Subquery(
            strangers.order_by("-created_at").values("created_at")[MOST_OF_A_NETWORK - 1 : MOST_OF_A_NETWORK]
        ),
        repeated=Subquery(same.order_by("pk").values("pk")[:1]),
    )


CONTEXT_QUERIES = {known: PreparedQuery(partial(_question, confirmed=known)) for known in (True, False)}
