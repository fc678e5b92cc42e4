"""Links that show a working copy to somebody without an account: a lawyer, a source. They end by themselves."""

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article, Edition, new_preview_key

ENDS_AFTER = 7 * 24 * 3600  # seconds
SALT = "articles.preview"


def link(article: Article) -> str:
    """The path of a new link; good for a week, or until `revoke`."""
    return reverse("preview", args=[signing.dumps([article.pk, article.preview_key], salt=SALT)])


def opened(token: str) -> Article | None:
    """The article that the link shows; None if it was changed, has ended, or was revoked."""
    try:
        pk, key = signing.loads(token, salt=SALT, max_age=ENDS_AFTER)
    except signing.BadSignature:
        return None
    return Article.objects.select_related("section", "lead_photo").filter(pk=pk, preview_key=key).first()


def revoke(article: Article) -> None:
    """End all links given out so far."""
    article.preview_key = new_preview_key()
    Article.objects.filter(pk=article.pk).update(preview_key=article.preview_key)


def edition_of(article: Article) -> Edition:
    """The edition that publishing now would make, with all that its page reads."""
    edition = publishing.compose(article)
    edition.number = 1
    edition.first_published_at = edition.published_at = timezone.now()
    rows = {
        "author_rows": list(article.authors.values("name", "slug")),
        "topic_rows": list(article.topics.values("name", "slug")),
        "correction_rows": [],
        "more_rows": [],
    }
    for name, value in rows.items():
        setattr(edition, name, value)
    return edition
