import io
import re
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from articles import advertisements, context_processors
from articles.models import Edition
from newsroom.models import Advertisement, AdvertisementClicks, User

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)


def shown(path: str, place: str, day: date = TODAY) -> str | None:
    """Return the text of the advertisement shown there at noon of that day."""
    noon = timezone.make_aware(datetime.combine(day, time(12)))
    found = context_processors.load(path, noon)["advertisements"].get(place)
    return found.text if found else None


def make(text: str, **fields: Any) -> Advertisement:
    return Advertisement.objects.create(
        **{"advertiser": "A shop", "text": text, "url": "https://shop.example/", "first_day": TODAY} | fields
    )


def form(**changes: Any) -> dict[str, Any]:
    """Return the data of the admin's form."""
    values = {"advertiser": "A shop", "text": "Books", "url": "", "running": "on", "first_day": "2026-11-20"}
    return values | {"last_day": "", "in_articles": "on"} | changes


def _sent(client: Client, advertisement: Advertisement) -> bytes:
    """Return the picture as readers get it."""
    return b"".join(client.get(advertisement.image.url).streaming_content)  # type: ignore[attr-defined]


def test_it_is_shown_from_its_first_day_to_the_end_of_its_last(db: None) -> None:
    make("Books", last_day=TODAY + DAY)
    on = [shown("/", "front", TODAY + number * DAY) for number in (-1, 0, 1, 2)]
    assert on == [None, "Books", "Books", None]


def test_it_is_shown_in_its_places_only_and_not_when_switched_off(db: None) -> None:
    make("Books", on_front_page=False)
    make("Bread", running=False)
    assert [shown("/", place) for place in advertisements.PLACES] == ["Books", None, "Books"]


def test_several_take_turns_from_page_to_page_and_from_day_to_day(db: None) -> None:
    texts = {make(text).text for text in ("Books", "Bread", "Boats")}
    assert {shown(f"/articles/{number}/", "article") for number in range(30)} == texts
    assert {shown("/", "front", TODAY + number * DAY) for number in range(3)} == texts
    assert len({shown("/", "front") for _ in range(10)}) == 1


def test_it_is_labelled_and_says_whose_page_it_leads_to(edition: Edition, client: Client) -> None:
    advertisement = make("Books & <b>more</b>", first_day=timezone.localdate())
    page = client.get(edition.get_absolute_url())
    assertContains(page, '<aside class="advertisement" aria-label="Advertisement">')
    assertContains(page, f'href="/out/{advertisement.pk}/" rel="sponsored nofollow noopener"')
    assertContains(page, "Books &amp; &lt;b&gt;more&lt;/b&gt;")
    assertContains(page, "shop.example")
    assertNotContains(page, "https://shop.example")


def test_a_click_is_counted_by_day_and_nothing_is_kept_of_who_it_was(client: Client, db: None, reader: User) -> None:
    advertisement = make("Books")
    client.force_login(reader)
    for _ in range(3):
        response = client.get(f"/out/{advertisement.pk}/")
    assert response["Location"] == "https://shop.example/"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert not response.cookies
    row = AdvertisementClicks.objects.get()
    assert (row.day, row.count) == (timezone.localdate(), 3)
    assert {field.name for field in row._meta.get_fields()} == {"id", "advertisement", "day", "count"}


def test_what_nobody_asked_to_see_is_no_click(client: Client, db: None) -> None:
    advertisement = make("Books")
    client.head(f"/out/{advertisement.pk}/")
    client.get(f"/out/{advertisement.pk}/", headers={"Sec-Purpose": "prefetch;prerender"})
    assert client.post(f"/out/{advertisement.pk}/").status_code == 405
    assert not AdvertisementClicks.objects.exists()


def test_the_way_out_leads_nowhere_but_to_an_advertiser(client: Client, db: None) -> None:
    without = make("Bread", url="")
    for path in (
        f"/out/{without.pk}/",
        "/out/999999/",
        "/out/99999999999999999999/",
        "/out/1/?to=https://evil.example/",
    ):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "javascript:alert(1)"}, "No page has this address."),
        ({"url": "//evil.example/"}, "No page has this address."),
        ({"url": "/\\evil.example/"}, "No page has this address."),
        ({"url": "shop"}, "No page has this address."),
        ({"last_day": "2026-11-19"}, "Until must not be before From."),
        ({"first_day": "tomorrow"}, "Enter a valid date."),
        ({"text": ""}, "This field is required."),
        ({"image": SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")}, "This is an SVG drawing"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_typed_is_lost(
    wrong: dict[str, Any], words: str, publisher: User, client: Client
) -> None:
    client.force_login(publisher)
    response = client.post("/admin/newsroom/advertisement/add/", form(advertiser="Our best customer") | wrong)
    assertContains(response, words)
    assertContains(response, "Our best customer")
    assert not Advertisement.objects.exists()


def test_a_picture_is_stored_small_and_without_the_file_it_came_in(publisher: User, client: Client, db: None) -> None:
    client.force_login(publisher)
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (2400, 800), "teal").save(file, "JPEG", exif=exif)
    upload = SimpleUploadedFile("my house.jpg", file.getvalue(), "image/jpeg")
    response = client.post("/admin/newsroom/advertisement/add/", form(image=upload, first_day=timezone.localdate()))
    assert response.status_code == 302
    advertisement = Advertisement.objects.get()
    assert (advertisement.image_width, advertisement.image_height) == (960, 320)
    assert re.fullmatch(r"advertisements/[0-9a-f]{20}\.jpg", str(advertisement.image))
    stored = _sent(client, advertisement)
    assert b"taken at home" not in stored
    # Saved again without a new file, it stays; and it can be taken away.
    address = f"/admin/newsroom/advertisement/{advertisement.pk}/change/"
    client.post(address, form(text="Boats"))
    advertisement.refresh_from_db()
    assert advertisement.text == "Boats"
    assert _sent(client, advertisement) == stored
    client.post(address, form(**{"image-clear": "on"}))
    advertisement.refresh_from_db()
    assert not advertisement.image


def test_a_picture_is_shown_in_place_of_the_text_which_says_it_in_words(edition: Edition, client: Client) -> None:
    advertisement = make("A boat", image="advertisements/x.jpg", image_width=960, image_height=320)
    Advertisement.objects.update(first_day=timezone.localdate())
    assertContains(
        client.get(edition.get_absolute_url()),
        f'<img src="{advertisement.image.url}" width="960" height="320" alt="A boat" loading="lazy" decoding="async">',
    )


def test_the_admin_shows_clicks_in_all_and_by_day(publisher: User, client: Client, db: None) -> None:
    advertisement = make("Books")
    for count, day in ((3, TODAY), (4, TODAY + DAY)):
        AdvertisementClicks.objects.create(advertisement=advertisement, day=day, count=count)
    client.force_login(publisher)
    page = client.get(f"/admin/newsroom/advertisement/{advertisement.pk}/change/")
    for words in ("7 in all", "20 November 2026: 3", "21 November 2026: 4"):
        assertContains(page, words)
    assertContains(client.get("/admin/newsroom/advertisement/"), '<td class="field-clicked">7</td>')
