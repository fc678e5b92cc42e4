"""The archive's reports: sections, topics and authors of which few have most, photos, articles and their editions."""

import io
import json
from datetime import datetime, timedelta
from random import Random

from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.text import slugify
from PIL import Image

from articles.models import (
    Article,
    ArticleEvent,
    Author,
    Edition,
    EditionAuthor,
    EditionTopic,
    MoreStories,
    Photo,
    Reads,
    Section,
    Text,
    Topic,
)
from articles.photos.processing import clean_photo, rendered_photo
from devtools.sample_data.people import Plan, Skew, filling, first_free

SECTIONS = 8
AUTHORS = 420
TOPICS = 110  # a page of them and more; and one more for each 500 reports
OWN, SHARED = 120, 5  # words of its own that a report has, and paragraphs that it shares with others
READ = 200  # of the newest, in the last two days
Status, Kind = Article.Status, Edition.Kind

COLUMNS: dict[type[Model], str] = {
    Article: "id headline slug standfirst section_id lead_photo_id status preview_key created_by_id created_at"
    " updated_at",
    Article.topics.through: "id article_id topic_id",
    Article.authors.through: "id article_id author_id",
    Text: "id parent_id region ordering content",
    ArticleEvent: "id article_id from_status to_status by_id at",
    Edition: "id article_id number kind note live slug headline standfirst section_id lead_photo body text"
    " first_published_at published_at published_by_id",
    EditionTopic: "id edition_id topic_id position listed_at",
    EditionAuthor: "id edition_id author_id position listed_at",
    MoreStories: "article_id others",
}


def address(number: int) -> str:
    """The slug of the report of this number."""
    return f"invented-report-{number}"


def fill(plan: Plan) -> None:
    random = plan.random("articles")
    sections = _named(Section, SECTIONS, "section")
    topics = _named(Topic, TOPICS + plan.articles // 500, "topic")
    authors = _named(Author, AUTHORS, "author")
    of_section, of_topic, of_author = Skew(len(sections)), Skew(len(topics)), Skew(len(authors))
    photos = [(photo.pk, json.dumps(rendered_photo(photo))) for photo in _photos()]
    paragraphs = [f"<p>{plan.text(random, 110)}.</p>" for _ in range(500)]
    first = first_free(Article)

    with filling(COLUMNS) as rows:
        for number in range(plan.articles):
            pk, appeared, desk = rows.take(Article), plan.appeared(number), random.choice(plan.staff)
            status = _status(random)
            own = plan.text(random, OWN)
            headline = f"Invented: {own[:60].rpartition(' ')[0]}"
            standfirst = f"Nothing of this is true: {own[60:200].rpartition(' ')[0]}."
            body = "\n".join([f"<p>{own}.</p>", *random.sample(paragraphs, SHARED)])
            section = sections[of_section.pick(random)]
            about = {topics[of_topic.pick(random)] for _ in range(random.randint(1, 3))}
            by = {authors[of_author.pick(random)] for _ in range(random.choice((1, 1, 1, 2)))}
            photo, shown = random.choice(photos) if random.random() < 0.7 else (None, None)
            rows.add(
                Article,
                pk,
                headline,
                address(pk),
                standfirst,
                section,
                photo,
                status,
                f"{pk:016x}",
                desk,
                appeared,
                appeared,
            )
            rows.add(Text, rows.take(Text), pk, "body", 10, f"<p>{own}.</p>")
            for topic in about:
                rows.add(Article.topics.through, rows.take(Article.topics.through), pk, topic)
            for author in by:
                rows.add(Article.authors.through, rows.take(Article.authors.through), pk, author)
            if status not in (Status.PUBLISHED, Status.WITHDRAWN):
                continue
            rows.add(ArticleEvent, rows.take(ArticleEvent), pk, Status.DRAFT, Status.PUBLISHED, desk, appeared)
            rows.add(MoreStories, pk, [first + other for other in _near(random, number)])
            for at, of_kind, note, newest in _editions(random, appeared):
                live = newest and status == Status.PUBLISHED
                edition = rows.take(Edition)
                rows.add(
                    Edition,
                    *(edition, pk, 1 + bool(note), of_kind, note, live, address(pk), headline, standfirst, section),
                    *(shown, body, own, appeared, at, desk),
                )
                listed = appeared if live else None
                for position, topic in enumerate(about):
                    rows.add(EditionTopic, rows.take(EditionTopic), edition, topic, position, listed)
                for position, author in enumerate(by):
                    rows.add(EditionAuthor, rows.take(EditionAuthor), edition, author, position, listed)
    hour = plan.now.replace(minute=0)
    latest = Edition.objects.live().newest().values_list("article", flat=True)[:READ]
    Reads.objects.bulk_create(Reads(article_id=pk, hour=hour, count=1 + place % 37) for place, pk in enumerate(latest))


def _named(model: type[Model], count: int, word: str) -> list[int]:
    """So many invented rows with nothing but a name, beside those that are there; their pks."""
    names = [f"Invented {word} {number}" for number in range(1, count + 1)]
    made = model._default_manager.bulk_create(model(name=name, slug=slugify(name)) for name in names)
    return [row.pk for row in made]


def _photos() -> list[Photo]:
    """Plain fields of colour."""
    photos = []
    for colour in ("teal", "maroon", "olive", "navy"):
        file = io.BytesIO()
        Image.new("RGB", (1280, 720), colour).save(file, "PNG")
        image = clean_photo(ContentFile(file.getvalue(), name=f"{colour}.png"))
        photos.append(Photo.objects.create(image=image, alt=f"A field of {colour}", credit="Nobody (invented)"))
    return photos


def _status(random: Random) -> str:
    """Nearly all are on the site."""
    drawn = random.random()
    if drawn < 0.985:
        return Status.PUBLISHED
    return Status.WITHDRAWN if drawn < 0.99 else Status.DRAFT if drawn < 0.998 else Status.IN_REVIEW


def _editions(random: Random, appeared: datetime) -> list[tuple[datetime, str, str, bool]]:
    """When each appeared, its kind and note, and whether it is the newest. One report in twenty has a second one."""
    if random.random() > 0.05:
        return [(appeared, Kind.NEW, "", True)]
    later = appeared + timedelta(minutes=random.randint(1, 59))
    kind = random.choice((Kind.UPDATE, Kind.CORRECTION))
    return [(appeared, Kind.NEW, "", False), (later, kind, "An earlier edition had a wrong number. (Invented.)", True)]


def _near(random: Random, number: int) -> list[int]:
    """Twelve of the reports just before it."""
    return random.sample(range(max(0, number - 300), number), min(12, number))
