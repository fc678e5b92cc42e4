"""The photo library in the admin."""

import io
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from PIL import Image

from articles.admin.photo_picker import PhotoPicker, PhotosPicker
from articles.models import Photo
from articles.photos import upload
from articles.photos.processing import MAX_FILE_SIZE, clean_photo
from newsroom.models import User
from tests.articles.support import signed_in
from tests.concurrency import all_at_once
from tests.factories import make_photo

LIBRARY = "/admin/articles/photo/"


def _photo_file(colour: str = "teal", name: str = "photo.jpg") -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(file, "JPEG")
    return SimpleUploadedFile(name, file.getvalue(), "image/jpeg")


def _upload(client: Client, *files: Any, follow: bool = True, **more: str) -> Any:
    return client.post(f"{LIBRARY}upload/", {"photos": list(files), **more}, follow=follow)


def test_a_batch_of_five_with_two_bad_ones_keeps_the_three(reporter: User) -> None:
    good = [_photo_file(colour, f"{colour}.jpg") for colour in ("red", "green", "blue")]
    cut = SimpleUploadedFile("cut.jpg", _photo_file().read()[:600])
    script = SimpleUploadedFile("script.jpg", b"#!/bin/sh\nrm -rf /\n", "image/jpeg")

    page = _upload(signed_in(reporter), good[0], cut, good[1], script, good[2]).content.decode()

    assert Photo.objects.filter(uploaded_by=reporter).count() == 3
    assert "“cut.jpg”: This photo is damaged" in page
    assert "“script.jpg”: This file is no photo" in page
    for photo in Photo.objects.all():
        assert photo.thumbnail in page
        for field in ("alt", "caption", "credit"):
            assert f'name="photo-{photo.pk}-{field}"' in page


def test_a_script_gets_each_result_as_a_piece_of_the_page(reporter: User) -> None:
    client = signed_in(reporter)
    good = _upload(client, _photo_file(), fragment="1").content.decode()
    bad = _upload(client, SimpleUploadedFile("<b>.svg", b"<svg onload=alert(1)>"), fragment="1").content.decode()

    assert "<html" not in good
    assert f'data-photo="{Photo.objects.get().pk}"' in good
    assert "&lt;b&gt;.svg" in bad
    assert "This is an SVG drawing" in bad
    assert "result-good" not in bad


def test_a_file_that_is_too_large_is_refused_and_kept_nowhere(
    reporter: User, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes beyond the limit do not reach the disk."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    largest = 0

    def note_size(self: Any, raw_data: bytes, start: int) -> bytes | None:
        nonlocal largest
        largest = max(largest, *(file.stat().st_size for file in tmp_path.iterdir()), 0)
        return receive(self, raw_data, start)

    receive = upload.LimitedUpload.receive_data_chunk
    monkeypatch.setattr(upload.LimitedUpload, "receive_data_chunk", note_size)

    page = _upload(
        signed_in(reporter), SimpleUploadedFile("huge.jpg", b"\xff\xd8" + bytes(60_000_000))
    ).content.decode()

    assert "“huge.jpg”: This file has 60 MB. Photos may have up to 25 MB" in page
    assert 0 < largest <= MAX_FILE_SIZE
    assert not list(tmp_path.iterdir())
    assert not Photo.objects.exists()


def test_a_form_without_a_file_is_answered_in_words(reporter: User) -> None:
    assert "Please choose at least one photo." in _upload(signed_in(reporter)).content.decode()


def test_the_same_file_twice_is_one_photo(reporter: User, editor: User) -> None:
    _upload(signed_in(reporter), _photo_file())
    there = Photo.objects.get()
    page = _upload(signed_in(editor), _photo_file(name="again.jpg"), fragment="1").content.decode()

    assert Photo.objects.get() == there
    assert there.uploaded_by == reporter
    assert "again.jpg: this photo is in the library already." in page
    assert f'data-photo="{there.pk}"' in page


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_file_sent_twice_at_once_is_one_photo_and_one_file() -> None:
    person = User.objects.create_user("photographer@example.org", "a-good-password")
    before = set(default_storage.listdir("photos")[1]) if default_storage.exists("photos") else set()

    sent = all_at_once(lambda: upload.upload(_photo_file("crimson"), by=person), 4)

    assert [each.new for each in sent].count(True) == 1
    assert {each.photo for each in sent} == {Photo.objects.get()}
    assert len(set(default_storage.listdir("photos")[1]) - before) == 1


def test_the_words_of_several_photos_are_saved_at_once(reporter: User) -> None:
    client = signed_in(reporter)
    _upload(client, _photo_file("red"), _photo_file("blue"))
    first, second = Photo.objects.order_by("pk")
    form = {"photo": [first.pk, second.pk], "credit": "R. Lone"}
    form |= {f"photo-{first.pk}-alt": "Red", f"photo-{first.pk}-caption": "", f"photo-{first.pk}-credit": "A. Friend"}
    form |= {f"photo-{second.pk}-alt": "Blue", f"photo-{second.pk}-caption": "", f"photo-{second.pk}-credit": ""}

    response = client.post(f"{LIBRARY}describe/", form, follow=True)

    assert "The words are saved." in response.content.decode()
    assert list(Photo.objects.order_by("pk").values_list("alt", "credit")) == [
        ("Red", "A. Friend"),
        ("Blue", "R. Lone"),
    ]


def test_words_that_are_too_long_are_refused_and_not_lost(reporter: User) -> None:
    client = signed_in(reporter)
    _upload(client, _photo_file("red"))
    photo = Photo.objects.get()
    words = "🌨" * 251
    form = {"photo": photo.pk, f"photo-{photo.pk}-alt": words, f"photo-{photo.pk}-credit": "nul\0"}

    response = client.post(f"{LIBRARY}describe/", form)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert "at most 250 characters" in response.content.decode()
    assert Photo.objects.get().alt == ""


def test_a_reporter_changes_their_own_photos_and_no_others(reporter: User, photo: Photo) -> None:
    client = signed_in(reporter)
    words = {"photo": photo.pk, f"photo-{photo.pk}-alt": "Mine", f"photo-{photo.pk}-credit": "Me"}
    client.post(f"{LIBRARY}describe/", words)
    assert client.post(f"{LIBRARY}{photo.pk}/change/", {"alt": "Mine"}).status_code == 403
    photo.refresh_from_db()
    assert photo.alt == "A teal field"

    Photo.objects.update(uploaded_by=reporter)
    client.post(f"{LIBRARY}describe/", words)
    photo.refresh_from_db()
    assert photo.alt == "Mine"
    changes = {"alt": "Ours", "caption": "", "credit": "Me", "focus_x": 20, "focus_y": 100}
    assert client.post(f"{LIBRARY}{photo.pk}/change/", changes).status_code == 302
    photo.refresh_from_db()
    assert (photo.alt, photo.focus_x, photo.focus_y) == ("Ours", 20, 100)
    assert client.post(f"{LIBRARY}{photo.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("value", ["101", "-1", "1.5", "left", ""])
def test_a_focal_point_outside_the_photo_is_refused(value: str, editor: User, photo: Photo) -> None:
    changes = {"alt": "A", "credit": "B", "focus_x": value, "focus_y": 50}
    response = signed_in(editor).post(f"{LIBRARY}{photo.pk}/change/", changes)
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    photo.refresh_from_db()
    assert photo.focus_x == 50


def test_a_file_that_is_there_cannot_take_the_place_of_another(editor: User, photo: Photo) -> None:
    client = signed_in(editor)
    _upload(client, _photo_file("red"))
    changes = {"alt": "A", "credit": "B", "focus_x": 50, "focus_y": 50}
    response = client.post(f"{LIBRARY}{photo.pk}/change/", {**changes, "image": _photo_file("red")})
    assert "This picture is in the library already" in response.content.decode()
    client.post(f"{LIBRARY}{photo.pk}/change/", {**changes, "image": _photo_file("plum")})
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (400, 300)


@pytest.mark.parametrize("who", ["moderator", "publisher", "reader"])
def test_nobody_else_uploads_picks_or_describes(who: str, photo: Photo, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(who))
    refused = {302, 403}  # a reader is sent to sign in
    assert _upload(client, _photo_file(), follow=False).status_code in refused
    assert client.get(f"{LIBRARY}pick/").status_code in refused
    assert client.get(f"{LIBRARY}describe/?photo={photo.pk}").status_code in refused
    words = {"photo": photo.pk, f"photo-{photo.pk}-alt": "Mine"}
    assert client.post(f"{LIBRARY}describe/", words).status_code in refused
    assert Photo.objects.get().alt == "A teal field"


def test_the_wall_and_the_picker_are_searched_by_words(reporter: User, photo: Photo) -> None:
    other = make_photo()
    Photo.objects.filter(pk=other.pk).update(alt="A houseboat", credit="")
    client = signed_in(reporter)
    for page in (LIBRARY, f"{LIBRARY}pick/"):
        whole = client.get(page).content.decode()
        found = client.get(page, {"q": "HOUSEBOAT"}).content.decode()
        nothing = client.get(page, {"q": "<b>%"}).content.decode()
        assert (
            whole.count('class="photo-tile"'),
            found.count('class="photo-tile"'),
            nothing.count('class="photo-tile"'),
        ) == (2, 1, 0)
        assert "No credit" in found
        assert client.get(page, {"q": "\0"}).status_code == 200
    assert client.get(LIBRARY, {"words": "wanting"}).content.decode().count('class="photo-tile"') == 1


def test_the_picker_shows_more_when_asked(reporter: User, photo: Photo) -> None:
    for number in range(25):
        Photo.objects.create(image=photo.image.name, alt=f"Photo {number}", credit="A. Person")
    client = signed_in(reporter)
    first = client.get(f"{LIBRARY}pick/").content.decode()
    more = re.search(r'href="(\?q=&amp;from=24)"', first)
    assert more
    second = client.get(f"{LIBRARY}pick/{more[1].replace('&amp;', '&')}").content.decode()
    assert first.count('class="photo-tile"') + second.count('class="photo-tile"') == 26
    assert client.get(f"{LIBRARY}pick/?from=9999999999999999999").status_code == 200


def test_adding_a_photo_leads_to_the_wall(reporter: User, moderator: User) -> None:
    assert signed_in(reporter).get(f"{LIBRARY}add/")["Location"] == LIBRARY
    assert signed_in(moderator).get(f"{LIBRARY}add/").status_code == 403


def test_a_picker_cleans_to_a_photo(photo: Photo) -> None:
    field: Any = PhotoPicker(required=False)
    html = field.widget.render("lead_photo", photo.pk)
    assert f'<input type="hidden" name="lead_photo" value="{photo.pk}">' in html
    sent = QueryDict(f"lead_photo=&lead_photo={photo.pk}")
    assert field.clean(field.widget.value_from_datadict(sent, {}, "lead_photo")) == photo
    assert field.clean(field.widget.value_from_datadict(QueryDict("lead_photo="), {}, "lead_photo")) is None


def test_a_picker_of_several_keeps_their_order(photo: Photo) -> None:
    other = make_photo()
    field: Any = PhotosPicker(required=False)
    html = field.widget.render("photos", [other.pk, photo.pk])
    assert html.index(other.thumbnail) < html.index(photo.thumbnail)
    sent = QueryDict(f"photos=&photos={other.pk}&photos={photo.pk}&photos={other.pk}")
    value = field.widget.value_from_datadict(sent, {}, "photos")
    assert field.clean(value) == [other, photo]
    assert field.has_changed([photo.pk, other.pk], [str(other.pk), str(photo.pk)])
    assert not field.has_changed([photo, other], [str(photo.pk), str(other.pk)])
    assert field.clean([]) == []


@pytest.mark.parametrize("value", ["999999", "x", "-1", "9" * 40, "\0", "٣"])
def test_a_picker_refuses_what_is_no_photo(value: str, photo: Photo) -> None:
    fields: list[Any] = [PhotoPicker(), PhotosPicker()]
    for field in fields:
        sent = [value] if isinstance(field, PhotosPicker) else value
        with pytest.raises(ValidationError, match=r"Select a valid choice|is not a valid value|Null characters"):
            field.clean(sent)
        assert "picked" in field.widget.render("photo", sent)


def test_what_is_refused_leaves_no_file(reporter: User) -> None:
    before = default_storage.listdir("photos")[1] if default_storage.exists("photos") else []
    _upload(signed_in(reporter), SimpleUploadedFile("cut.jpg", _photo_file().read()[:600]))
    after = default_storage.listdir("photos")[1] if default_storage.exists("photos") else []
    assert before == after


def test_the_same_picture_with_other_metadata_is_the_same_photo(reporter: User) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Another telephone"
    file = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(file, "JPEG", exif=exif)
    upload.upload(_photo_file("teal"), by=reporter)
    assert not upload.upload(SimpleUploadedFile("other.jpg", file.getvalue()), by=reporter).new
    assert Photo.objects.get().digest == upload.digest_of(clean_photo(_photo_file("teal")))


def test_saving_words_does_not_undo_what_the_worker_did_meanwhile(
    editor: User, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def save(self: Photo, *args: Any, **kwargs: Any) -> None:
        Photo.objects.update(has_avif=True)
        really_save(self, *args, **kwargs)

    really_save = Photo.save
    monkeypatch.setattr(Photo, "save", save)
    client = signed_in(editor)
    client.post(
        f"{LIBRARY}describe/", {"photo": photo.pk, f"photo-{photo.pk}-alt": "One", f"photo-{photo.pk}-credit": ""}
    )
    assert Photo.objects.get(alt="One").has_avif
    Photo.objects.update(has_avif=False)
    client.post(f"{LIBRARY}{photo.pk}/change/", {"alt": "Two", "credit": "B", "focus_x": 1, "focus_y": 2})
    assert Photo.objects.get(alt="Two", focus_x=1).has_avif


def test_an_odd_place_to_begin_at_is_the_beginning(editor: User) -> None:
    assert signed_in(editor).get("/admin/articles/photo/pick/", {"from": "9" * 4400}).status_code == 200
