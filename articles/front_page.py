"""The head of the front page: articles that editors placed there, and by rule what they left open."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from articles.models import Edition, FrontPlace
from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import FRONT
from newsroom.models import Outlet

PLACES = 5  # the lead and four others


@dataclass(frozen=True)
class Top:
    """`places`: the lead and the four beside it; `latest`: the newest of the others."""

    places: list[Edition]
    latest: list[Edition]


class Conflict(Exception):
    """Somebody else changed the front page meanwhile."""


def current_top(count: int) -> Top:
    """Return `count` articles: those in the places, then the latest. Withdrawn articles leave their place open.

    Open places are filled with the newest; the lead with the newest that has a photo.
    """
    placed = Edition.objects.live().filter(article__front_place__isnull=False).for_cards()
    places_of = placed.annotate(place=F("article__front_place__place"))
    by_place: dict[int, Edition] = {edition.place: edition for edition in places_of}
    chosen = {edition.pk for edition in by_place.values()}
    lately = Edition.objects.live().newest().for_cards()[: count + PLACES]
    newest = [edition for edition in lately if edition.pk not in chosen]
    places: list[Edition] = []
    for place in range(PLACES):
        edition = by_place.get(place)
        if edition is None and place == 0:
            edition = next((other for other in newest if other.lead_photo), None)
        edition = edition or (newest[0] if newest else None)
        if edition is not None:
            places.append(edition)
            newest = [other for other in newest if other is not edition]
    return Top(places, newest[: count - PLACES])


@transaction.atomic
def arrange(articles: list[int | None], *, seen: list[int | None]) -> None:
    """Put these articles (pks; None: by rule) in the places, the lead first. `seen`: what the editor saw there.

    If an article is named twice, its second place is left to the rule. Raises Conflict.
    """
    Outlet.objects.select_for_update().get()  # a lock: one at a time, also while no place is taken
    present = list(FrontPlace.objects.all())
    if placed_articles(present) != seen:
        raise Conflict
    since = {row.article_id: row.since for row in present}
    FrontPlace.objects.all().delete()
    named = [pk for pk in articles if pk]
    live = set(Edition.objects.live().filter(article__in=named).values_list("article", flat=True))
    live |= {pk for pk in named if pk in since}  # withdrawn now: its place waits for it
    for place, pk in enumerate(articles[:PLACES]):
        if pk is not None and pk in live:
            live.discard(pk)
            row = FrontPlace(place=place, article_id=pk)
            row.since = since.get(pk, row.since)
            row.save(force_insert=True)
    purge_on_commit(FRONT)


def placed_articles(rows: list[FrontPlace] | None = None) -> list[int | None]:
    """Return the articles (pks) that editors put in the places; None where the rule decides."""
    by_place = {row.place: row.article_id for row in (FrontPlace.objects.all() if rows is None else rows)}
    return [by_place.get(place) for place in range(PLACES)]
