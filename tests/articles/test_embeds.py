"""Embeds: the addresses that make a card, and the frame that a click loads."""

import pytest
from django.test import Client

from articles import embeds
from articles.models import Article, Edition, Embed
from articles.publishing import workflow


@pytest.mark.parametrize(
    ("address", "provider", "frame"),
    [
        (
            "https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=4",
            "YouTube",
            "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ",
        ),
        ("https://youtu.be/aqz-KE-bpKQ?si=x", "YouTube", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"),
        ("https://m.youtube.com/shorts/aqz-KE-bpKQ", "YouTube", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"),
        (
            "https://x.com/some_one/status/1234567890",
            "X",
            "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=1234567890",
        ),
        ("https://twitter.com/a/status/12?s=20", "X", "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=12"),
        ("https://www.instagram.com/p/Cabc_12-x/", "Instagram", "https://www.instagram.com/p/Cabc_12-x/embed/"),
        ("https://www.instagram.com/someone/reel/Cabc12/", "Instagram", "https://www.instagram.com/reel/Cabc12/embed/"),
        (
            "https://www.facebook.com/page/posts/99",
            "Facebook",
            "https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fpage%2Fposts%2F99",
        ),
        (
            "https://www.facebook.com/watch/?v=12",
            "Facebook",
            "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fwatch%2F%3Fv%3D12",
        ),
        (
            "https://www.google.com/maps/place/Dal+Lake/@34.1,74.8,14z",
            "Google Maps",
            "https://www.google.com/maps?output=embed&q=Dal%20Lake",
        ),
        (
            "https://www.google.com/maps/@34.1,74.85,14z",
            "Google Maps",
            "https://www.google.com/maps?output=embed&q=34.1,74.85",
        ),
        (
            "https://www.openstreetmap.org/#map=14/34.1000/74.8000",
            "OpenStreetMap",
            "https://www.openstreetmap.org/export/embed.html?bbox=74.77803%2C34.08901%2C74.82197%2C34.11099",
        ),
    ],
)
def test_a_known_address_is_a_card(address: str, provider: str, frame: str) -> None:
    card = embeds.embed_card(address)
    assert card is not None
    assert (card.provider, card.frame) == (provider, frame)
    assert any(card.frame.startswith(f"{allowed}/") for allowed in embeds.FRAMES)


@pytest.mark.parametrize(
    "address",
    [
        "https://vimeo.com/1",
        "https://youtube.com.example.org/watch?v=aqz-KE-bpKQ",
        "https://www.youtube.com/@somebody",
        "https://www.youtube.com/watch?v=%22%3E%3Cscript%3E",
        "https://x.com/some_one",
        "https://x.com/a/status/12%22onload=",
        "https://www.facebook.com/page",
        "https://www.facebook.com/watch",
        "https://www.google.com/search?q=maps",
        "https://www.openstreetmap.org/#map=3/99.0/10.0",
        "javascript://youtu.be/aqz-KE-bpKQ",
        "https://[/watch",
        "",
    ],
)
def test_any_other_is_none(address: str) -> None:
    assert embeds.embed_card(address) is None


def test_what_an_address_brings_stays_inside_its_attribute() -> None:
    block = Embed(url='https://www.google.com/maps/search/"><script>x', title='<b onclick="x">"')
    html = block.render()
    assert "<script" not in html
    assert "<b " not in html


def test_only_a_page_with_an_embed_allows_frames(draft: Article, edition: Edition) -> None:
    client, path = Client(), edition.get_absolute_url()
    for _ in range(2):  # put together, and kept
        assert "frame-src" not in client.get(path)["Content-Security-Policy"]
    Embed.objects.create(parent=draft, region="body", ordering=30, url="https://youtu.be/aqz-KE-bpKQ", title="A film")
    draft.refresh_from_db()
    workflow.publish(draft, by=None, expected=draft.status, kind="update", note="With a film.")
    for _ in range(2):
        assert "frame-src https://www.youtube-nocookie.com" in client.get(path)["Content-Security-Policy"]
