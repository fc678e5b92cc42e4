"""Sample articles with editions and photos; a few sections, topics and authors have most of them."""

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
from devtools.sample_data.bulk_insert import bulk_insert, next_free_pk
from devtools.sample_data.plan import Plan, Zipf

SECTIONS = 8
AUTHORS = 420
TOPICS = 110  # more than one page of them; and one more for each 500 articles
OWN_WORDS = 120  # of an article's text
SHARED_PARAGRAPHS = 5  # of 500 that all articles draw from
READ_ARTICLES = 200  # the newest, with reads in the last hour
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


def slug(pk: int) -> str:
    """Return the slug of the sample article with this primary key."""
    return f"invented-report-{pk}"


def fill(plan: Plan) -> None:
    """Create the articles with everything they need."""
    random = plan.random("articles")
    sections = _named(Section, SECTIONS, "section")
    topics = _named(Topic, TOPICS + plan.articles // 500, "topic")
    authors = _named(Author, AUTHORS, "author")
    section_skew, topic_skew, author_skew = Zipf(len(sections)), Zipf(len(topics)), Zipf(len(authors))
    photos = [(photo.pk, json.dumps(rendered_photo(photo))) for photo in _create_photos()]
    paragraphs = [f"<p>{plan.text(random, 110)}.</p>" for _ in range(500)]
    first = next_free_pk(Article)

    with bulk_insert(COLUMNS) as rows:
        for number in range(plan.articles):
            pk, appeared, editor = rows.next_pk(Article), plan.published_at(number), random.choice(plan.staff)
            status = _pick_status(random)
            own = plan.text(random, OWN_WORDS)
            headline = f"Invented: {own[:60].rpartition(' ')[0]}"
            standfirst = f"Nothing of this is true: {own[60:200].rpartition(' ')[0]}."
            body = "\n".join([f"<p>{own}.</p>", *random.sample(paragraphs, SHARED_PARAGRAPHS)])
            section = sections[section_skew.pick(random)]
            about = {topics[topic_skew.pick(random)] for _ in range(random.randint(1, 3))}
            by = {authors[author_skew.pick(random)] for _ in range(random.choice((1, 1, 1, 2)))}
            photo, shown = random.choice(photos) if random.random() < 0.7 else (None, None)
            rows.add(
                Article,
                pk,
                headline,
                slug(pk),
                standfirst,
                section,
                photo,
                status,
                f"{pk:016x}",
                editor,
                appeared,
                appeared,
            )
            rows.add(Text, rows.next_pk(Text), pk, "body", 10, f"<p>{own}.</p>")
            for topic in about:
                rows.add(Article.topics.through, rows.next_pk(Article.topics.through), pk, topic)
            for author in by:
                rows.add(Article.authors.through, rows.next_pk(Article.authors.through), pk, author)
            if status not in (Status.PUBLISHED, Status.WITHDRAWN):
                continue
            rows.add(ArticleEvent, rows.next_pk(ArticleEvent), pk, Status.DRAFT, Status.PUBLISHED, editor, appeared)
            rows.add(MoreStories, pk, [first + other for other in _recent_numbers(random, number)])
            for at, edition_kind, note, newest in _editions(random, appeared):
                live = newest and status == Status.PUBLISHED
                edition = rows.next_pk(Edition)
                rows.add(
                    Edition,
                    *(edition, pk, 1 + bool(note), edition_kind, note, live, slug(pk), headline, standfirst, section),
                    *(shown, body, own, appeared, at, editor),
                )
                listed = appeared if live else None
                for position, topic in enumerate(about):
                    rows.add(EditionTopic, rows.next_pk(EditionTopic), edition, topic, position, listed)
                for position, author in enumerate(by):
                    rows.add(EditionAuthor, rows.next_pk(EditionAuthor), edition, author, position, listed)
    hour = plan.now.replace(minute=0)
    latest = Edition.objects.live().newest().values_list("article", flat=True)[:READ_ARTICLES]
    Reads.objects.bulk_create(Reads(article_id=pk, hour=hour, count=1 + place % 37) for place, pk in enumerate(latest))


def _named(model: type[Model], count: int, word: str) -> list[int]:
    """Create `count` rows that have nothing but a name and a slug; return their primary keys."""
    names = [f"Invented {word} {number}" for number in range(1, count + 1)]
    created = model._default_manager.bulk_create(model(name=name, slug=slugify(name)) for name in names)
    return [row.pk for row in created]


def _create_photos() -> list[Photo]:
    """Create photos of one plain colour each."""
    photos = []
    for colour in ("teal", "maroon", "olive", "navy"):
        file = io.BytesIO()
        Image.new("RGB", (1280, 720), colour).save(file, "PNG")
        image = clean_photo(ContentFile(file.getvalue(), name=f"{colour}.png"))
        photos.append(Photo.objects.create(image=image, alt=f"A field of {colour}", credit="Nobody (invented)"))
    return photos


def _pick_status(random: Random) -> str:
    """Return an article's status; 98.5 % are published."""
    drawn = random.random()
    if drawn < 0.985:
        return Status.PUBLISHED
    return Status.WITHDRAWN if drawn < 0.99 else Status.DRAFT if drawn < 0.998 else Status.IN_REVIEW


def _editions(random: Random, appeared: datetime) -> list[tuple[datetime, str, str, bool]]:
    """Return (published at, kind, note, is newest) of each edition. One article in twenty has a second one."""
    if random.random() > 0.05:
        return [(appeared, Kind.NEW, "", True)]
    later = appeared + timedelta(minutes=random.randint(1, 59))
    kind = random.choice((Kind.UPDATE, Kind.CORRECTION))
    return [(appeared, Kind.NEW, "", False), (later, kind, "An earlier edition had a wrong number. (Invented.)", True)]


def _recent_numbers(random: Random, number: int) -> list[int]:
    """Return up to twelve of the 300 articles before this one."""
    return random.sample(range(max(0, number - 300), number), min(12, number))
