import io

from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image, ImageChops

from articles.models import Article, Edition
from articles.publishing import workflow
from articles.syndication.share_images import SIZE, draw
from newsroom.models import User


def _image(client: Client, edition: Edition) -> Image.Image:
    response = client.get(f"{edition.get_absolute_url()}share.png")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert len(response.content) < 60_000
    return Image.open(io.BytesIO(response.content))


def test_a_report_without_a_photo_has_one_drawn_once_for_each_edition(
    draft: Article, client: Client, editor: User
) -> None:
    edition = workflow.publish(draft, by=editor)
    page = client.get(edition.get_absolute_url()).content.decode()
    assert f'<meta property="og:image" content="http://testserver{edition.get_absolute_url()}share.png">' in page
    first = _image(client, edition)
    assert first.size == SIZE
    assert default_storage.exists(f"share/{edition.pk}.png")
    assert _image(client, edition).tobytes() == first.tobytes()
    assert len([name for name in default_storage.listdir("share")[1] if name.startswith(f"{edition.pk}")]) == 1

    draft.refresh_from_db()
    draft.headline = "Another headline altogether"
    draft.save()
    second = workflow.publish(draft, by=editor)
    assert _image(client, second).tobytes() != first.tobytes()

    draft.refresh_from_db()
    workflow.withdraw(draft, by=editor, expected=draft.status, reason="Wrong.")
    assert client.get(f"{second.get_absolute_url()}share.png").status_code == 404


def test_a_headline_that_the_font_cannot_write_leaves_the_mark_alone() -> None:
    mark = draw("برف جلدی آئی", "Kashmir", "The Valley Ledger")
    assert _same(mark, draw("Štěstí 雪", "Kashmir", "The Valley Ledger"))
    assert not _same(mark, draw("Snow", "Kashmir", "The Valley Ledger"))


def test_the_longest_headline_stays_inside() -> None:
    for headline in ("W" * 160, "Snow and ice " * 12, "i " * 80, ""):
        picture = draw(headline, "K" * 40, "The Valley Ledger")
        margin = picture.crop((0, 0, SIZE[0], 30)), picture.crop((0, SIZE[1] - 50, SIZE[0], SIZE[1]))
        assert all(len(part.getcolors() or []) == 1 for part in margin), headline


def _same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is None
