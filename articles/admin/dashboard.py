"""The articles' sections of the admin's first page: what waits for somebody."""

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from articles.models import Article, ArticleEvent, Autosave
from newsroom.admin.dashboard import ROWS_SHOWN, DashboardRow, DashboardSection
from newsroom.models import User

Status = Article.Status


def dashboard_sections(person: User) -> Iterable[DashboardSection]:
    """Yield, for editors, what was submitted and scheduled; for reporters, what was sent back and begun."""
    own = Article.objects.filter(created_by=person)
    if person.has_perm("articles.add_article"):
        yield _unsaved(person)
        returned = own.filter(status=Status.DRAFT).filter(pk__in=_sent_back(own))
        yield _group("Sent back to you", returned, "status__exact=draft", note=True)
    if person.has_perm("articles.publish_article"):
        review = Article.objects.filter(status=Status.IN_REVIEW)
        yield _group("To be read", review, "status__exact=in_review", note=True)
        scheduled = Article.objects.filter(status=Status.SCHEDULED).order_by("publish_at")
        yield _group("Scheduled", scheduled, "status__exact=scheduled")
    elif person.has_perm("articles.add_article"):
        yield _group("With the desk", own.filter(status=Status.IN_REVIEW), "status__exact=in_review")
    if person.has_perm("articles.add_article"):
        begun = own.filter(status=Status.DRAFT).exclude(pk__in=_sent_back(own))
        yield _group("Begun by you", begun, "status__exact=draft")


def _sent_back(own: QuerySet[Article]) -> QuerySet[Article, int]:
    """Return the pks of drafts whose last step was to be sent back."""
    last = ArticleEvent.objects.filter(article=OuterRef("pk")).order_by("-at", "-pk")
    drafts = own.filter(status=Status.DRAFT).annotate(came_from=Subquery(last.values("from_status")[:1]))
    return drafts.filter(came_from__isnull=False).values_list("pk", flat=True)


def _group(title: str, articles: QuerySet[Article], query: str, *, note: bool = False) -> DashboardSection:
    """Return a section of these articles; `note`: with the note of the last step."""
    last = ArticleEvent.objects.filter(article=OuterRef("pk")).order_by("-at", "-pk")
    rows = articles.annotate(note=Subquery(last.values("note")[:1]))
    return DashboardSection(
        title=title,
        url=reverse("admin:articles_article_changelist") + f"?{query}",
        count=articles.count(),
        rows=[
            DashboardRow(
                title=article.headline,
                url=reverse("admin:articles_article_change", args=[article.pk]),
                words=(article.note or "") if note else "",
                at=article.publish_at or article.updated_at,
            )
            for article in rows[:ROWS_SHOWN]
        ],
    )


def _unsaved(person: User) -> DashboardSection:
    kept = Autosave.objects.filter(person=person).select_related("article").order_by("-saved_at")
    add = reverse("admin:articles_article_add")
    return DashboardSection(
        title="Typed and not saved",
        url=add,
        count=kept.count(),
        rows=[
            DashboardRow(
                title=str(row.article) if row.article else "A new article",
                url=reverse("admin:articles_article_change", args=[row.article_id]) if row.article_id else add,
                at=row.saved_at,
            )
            for row in kept[:ROWS_SHOWN]
        ],
    )
