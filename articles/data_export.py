"""The articles' part of a data export (newsroom/privacy/data_export.py): a staff member's work. Readers have none."""

from collections.abc import Iterator

from articles.models import Article, ArticleEvent, Author, Autosave, Edition, Photo
from newsroom.models import User
from newsroom.privacy.data_export import ExportSection, Withheld


def work(person: User) -> Iterator[ExportSection | Withheld]:
    """Yield what is stored about this person's work, and what of it is withheld."""
    begun = Article.objects.filter(created_by=person).order_by("created_at")
    rows: list[dict[str, object]] = [
        {"headline": each.headline, "status": each.get_status_display(), "begun_at": each.created_at} for each in begun
    ]
    sections = [ExportSection("articles", "Articles that you began", rows)]
    editions = Edition.objects.filter(published_by=person).order_by("published_at")
    rows = [
        {"headline": each.headline, "edition": each.number, "published_at": each.published_at}
        for each in editions.only("headline", "number", "published_at")
    ]
    sections.append(ExportSection("editions", "Editions that you published", rows))
    steps = ArticleEvent.objects.filter(by=person).select_related("article").order_by("at")
    rows = [{"article": str(each.article), "step": str(each), "note": each.note, "at": each.at} for each in steps]
    sections.append(ExportSection("article_steps", "Steps of articles that you took", rows))
    photos = Photo.objects.filter(uploaded_by=person).order_by("uploaded_at")
    rows = [{"photo": each.alt, "credit": each.credit, "sent_in_at": each.uploaded_at} for each in photos]
    bylines = [
        {"byline": each.name, "you_agreed": each.account_agreed} for each in Author.objects.filter(account=person)
    ]
    sections.append(ExportSection("bylines", "Bylines that are yours", bylines))
    sections.append(ExportSection("photos", "Photos that you sent in", rows))
    unsaved = Autosave.objects.filter(person=person).select_related("article").order_by("saved_at")
    rows = [{"article": str(each.article or "a new one"), "typed_at": each.saved_at} for each in unsaved]
    sections.append(ExportSection("unsaved", "What you typed and did not save", rows))
    filled = [section for section in sections if section.rows]
    yield from filled
    if filled:
        yield Withheld("The texts of articles and their former states", "They are the newsroom's working papers.")
