"""Loads all that limits and rules have to know about a comment, in one query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, CharField, Count, DateTimeField, F, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from articles.models import Author
from comments.models import Comment, Commenter, Policy, Restriction, Term, Thread
from comments.models.comment import REFUSED
from comments.models.restriction import NETWORKS_FIELD
from comments.text import fingerprint
from newsroom.db.json_rows import from_json_row, json_row
from newsroom.db.prepared_queries import Param, PreparedQuery
from newsroom.models import Outlet, User

TRUSTED_AFTER = 3  # approvals
RECORD_PERIOD = timedelta(days=90)
DUPLICATE_PERIOD = timedelta(days=1)  # the same words, by anybody or from the same writer
SPAM_COPIES = 3  # earlier comments with the same words: one more is spam
RATE_PERIOD = timedelta(minutes=10)
MAX_PER_WRITER, MAX_PER_NETWORK = 5, 40  # comments in RATE_PERIOD
NO_ROW = 0  # no row has this id


@dataclass(frozen=True)
class Record:
    """A writer's record: all approvals, and of the last 90 days the number of all comments and of those refused.

    Unconfirmed comments do not count, as anybody can type anybody's address.
    """

    approved: int = 0
    recent: int = 0
    recently_refused: int = 0


@dataclass(frozen=True)
class ModerationContext:
    """The facts about a text and its writer that the database has.

    `copies`: the number of comments with the same words, of the last day, counted up to SPAM_COPIES.
    `sent_at`: the times of the writer's comments in RATE_PERIOD, the newest first, at most MAX_PER_WRITER of them.
    `network_full_since`: the time of the 40th last unconfirmed comment from the same network, if it is in RATE_PERIOD.
    `duplicate`: the id of the writer's comment with the same text in the same place.
    """

    policy: Policy
    thread: Thread
    record: Record
    verified: bool
    restrictions: list[Restriction]
    terms: list[tuple[str, str]]
    staff_names: tuple[str, ...]
    copies: int
    sent_at: list[datetime]
    network_full_since: datetime | None
    duplicate: int | None

    def mode(self, *, appeared: datetime) -> str:
        """Return the mode of the article's comments now; the article first appeared at that time."""
        return self.thread.mode_under(self.policy, appeared=appeared)

    def of_a_stranger(self) -> "ModerationContext":
        """Return it without what the address's owner did: anybody may have typed the address, and would learn of it."""
        own = [each for each in self.restrictions if each.commenter_id is None]
        return replace(self, record=Record(), verified=False, restrictions=own, sent_at=[])

    @property
    def trusted(self) -> bool:
        """True after enough approvals on a confirmed identity, if nothing was refused in the last 90 days."""
        return self.verified and self.record.approved >= TRUSTED_AFTER and not self.record.recently_refused


def load_context(
    commenter: Commenter,
    *,
    article: int,
    body: str,
    network: str = "",
    former_networks: Sequence[str] = (),
    parent: int | None = None,
    confirmed: bool = True,
    exclude: int | None = None,
) -> ModerationContext:
    """Load what is known about this text by this writer.

    `former_networks`: hashes of the network under former secret keys, for restrictions made under them; `confirmed`:
    whether the writer is known to be the commenter, else nothing that the commenter did is in the context; `exclude`:
    the id of the comment itself, if it is stored already.
    """
    now = timezone.now()
    (row,) = CONTEXT_QUERIES[confirmed].rows(
        commenter=commenter.pk,
        article=article,
        body=body,
        network=network,
        networks=[network, *former_networks] if network else [],
        parent=parent or NO_ROW,
        exclude=exclude or NO_ROW,
        fingerprint=fingerprint(body),
        now=now,
        rate_since=now - RATE_PERIOD,
        duplicate_since=now - DUPLICATE_PERIOD,
        record_since=now - RECORD_PERIOD,
    )
    restrictions = [from_json_row(Restriction, each) for each in row.restriction_rows]
    context = ModerationContext(
        policy=row,
        thread=from_json_row(Thread, row.thread_row or {"article_id": article}),
        record=Record(**(row.record_row or {})),
        verified=commenter.verified_at is not None,
        restrictions=[each for each in restrictions if each.concerns(commenter)],
        terms=[(term["phrase"], term["verdict"]) for term in row.term_rows],
        staff_names=(*row.staff, *row.authors, *_names_of(row.outlet)),
        copies=len(row.copies),
        sent_at=row.sent_at,
        network_full_since=row.network_full_since,
        duplicate=row.duplicate,
    )
    return context if confirmed else context.of_a_stranger()


def _context_query(*, confirmed: bool) -> QuerySet[Policy]:
    now, record_since = Param("now", DateTimeField()), Param("record_since", DateTimeField())
    rate_since, duplicate_since = Param("rate_since", DateTimeField()), Param("duplicate_since", DateTimeField())
    commenter, article = Param("commenter", BigIntegerField()), Param("article", BigIntegerField())
    parent, exclude = Param("parent", BigIntegerField()), Param("exclude", BigIntegerField())
    network, networks = Param("network", CharField()), Param("networks", NETWORKS_FIELD)
    written = Comment.objects.filter(commenter=commenter)
    recent = Q(created_at__gt=record_since)
    record = JSONObject(
        approved=Count("pk", filter=Q(status=Comment.Status.APPROVED)),
        recent=Count("pk", filter=recent),
        recently_refused=Count("pk", filter=recent & Q(status__in=REFUSED)),
    )
    sent = written.filter(confirmed_at__isnull=not confirmed)
    # Found by its writer, not by its article, which may have any number: so the article is no column of an index here.
    same = sent.filter(body=Param("body", TextField()), created_at__gt=duplicate_since).alias(
        under=F("article") + NO_ROW, above=Coalesce("parent", NO_ROW, output_field=BigIntegerField())
    )
    same = same.filter(under=article, above=parent)
    copies = Comment.objects.exclude(fingerprint="").exclude(pk=exclude)
    copies = copies.filter(fingerprint=Param("fingerprint", CharField()), created_at__gt=duplicate_since)
    in_period = sent.filter(created_at__gt=rate_since).order_by("-created_at")
    strangers = Comment.objects.exclude(network="").filter(network=network, confirmed_at=None)
    strangers = strangers.filter(created_at__gt=rate_since).order_by("-created_at")
    staff = User.objects.filter(is_staff=True).exclude(name="")
    return Policy.objects.annotate(
        thread_row=Subquery(Thread.objects.filter(pk=article).values(row=json_row(Thread))),
        record_row=Subquery(written.filter(confirmed_at__isnull=False).values("commenter").values(row=record)),
        restriction_rows=ArraySubquery(
            Restriction.objects.in_force(now).possibly_on(commenter, networks).values(row=json_row(Restriction))
        ),
        term_rows=ArraySubquery(Term.objects.values(row=JSONObject(phrase="phrase", verdict="verdict"))),
        staff=ArraySubquery(staff.order_by().values("name")),
        authors=ArraySubquery(Author.objects.order_by().values("name")),
        outlet=Subquery(Outlet.objects.values("name")[:1]),
        copies=ArraySubquery(copies.order_by().values("pk")[:SPAM_COPIES]),
        sent_at=ArraySubquery(in_period.values("created_at")[:MAX_PER_WRITER]),
        network_full_since=Subquery(strangers.values("created_at")[MAX_PER_NETWORK - 1 : MAX_PER_NETWORK]),
        duplicate=Subquery(same.order_by("pk").values("pk")[:1]),
    )


def _names_of(outlet: str | None) -> list[str]:
    """Return the outlet's name, and the name without its article."""
    name = outlet or ""
    return [name, re.sub(r"^(the|a) ", "", name, flags=re.IGNORECASE)]


CONTEXT_QUERIES = {known: PreparedQuery(partial(_context_query, confirmed=known)) for known in (True, False)}
