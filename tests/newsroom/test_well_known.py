import json
import re
import urllib.robotparser
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains

from newsroom import logo
from newsroom.models import Outlet

FILES = ["/robots.txt", "/ads.txt", "/.well-known/security.txt", "/manifest.webmanifest"]


@pytest.mark.parametrize("path", FILES)
def test_they_are_the_same_for_everyone(path: str, client: Client, db: None) -> None:
    Outlet.objects.update(contact_email="desk@example.org")
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_crawlers_are_told_what_is_theirs(client: Client, db: None) -> None:
    robots = urllib.robotparser.RobotFileParser()
    robots.parse(client.get("/robots.txt").content.decode().splitlines())
    for path in ("/", "/articles/snow/", "/latest/", "/feed/", "/support/", "/static/css/site.css", "/media/x.webp"):
        assert robots.can_fetch("Googlebot", f"http://testserver{path}"), path
    for path in ("/admin/", "/account/", "/accounts/login/", "/search/?q=x", "/articles/preview/x/", "/overlay/"):
        assert not robots.can_fetch("Googlebot", f"http://testserver{path}"), path
    sitemaps = robots.site_maps()
    assert sitemaps == ["http://testserver/sitemap.xml", "http://testserver/news-sitemap.xml"]
    for address in sitemaps:
        assert resolve(address.removeprefix("http://testserver"))


def test_nobody_sells_the_outlets_space_unless_it_says_so(client: Client, db: None) -> None:
    assert client.get("/ads.txt").content == b"placeholder.example.com, placeholder, DIRECT, placeholder\n"
    Outlet.objects.update(ads_txt="  ads.example, 123, DIRECT, f08c\r\nother.example, 9, RESELLER\r\n")
    lines = client.get("/ads.txt").content.decode().split("\n")
    assert lines == ["ads.example, 123, DIRECT, f08c", "other.example, 9, RESELLER", ""]


def test_who_finds_a_weakness_knows_whom_to_write_to(client: Client, db: None) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    Outlet.objects.update(contact_email="desk@example.org")
    assertContains(client.get("/.well-known/security.txt"), "Contact: mailto:desk@example.org\n")
    Outlet.objects.update(security_contact="security@example.org")
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=150) < left < timedelta(days=366)


@pytest.mark.parametrize(("today", "expires"), [((2026, 6, 30), (2026, 12, 1)), ((2026, 12, 31), (2027, 6, 1))])
def test_its_end_moves_on_with_each_month(
    today: tuple[int, int, int],
    expires: tuple[int, int, int],
    client: Client,
    db: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Outlet.objects.update(contact_email="desk@example.org")
    monkeypatch.setattr(timezone, "now", lambda: datetime(*today, 23, 59, tzinfo=UTC))
    assertContains(client.get("/.well-known/security.txt"), f"Expires: {datetime(*expires, tzinfo=UTC):%Y-%m-%d}T")


def test_the_manifest_and_its_icons_are_there(client: Client, db: None) -> None:
    Outlet.objects.update(name="The Ledger")
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.content)
    assert manifest["name"] == "The Ledger"
    for icon in manifest["icons"]:
        file = logo.FOLDER / icon["src"].removeprefix("/static/img/")
        if icon["type"] == "image/png":
            with Image.open(file) as image:
                assert f"{image.width}x{image.height}" == icon["sizes"]
        assert file.stat().st_size < 10_000
    page = client.get("/support/").content.decode()
    for name in ("manifest.webmanifest", "static/img/apple-touch-icon.png", "static/img/icon.svg"):
        assert re.search(rf'<link [^>]*href="/{re.escape(name)}"', page)


def test_the_icons_are_the_mark_as_it_is(db: None) -> None:
    for name, size in logo.ICONS.items():
        with Image.open(logo.FOLDER / name) as icon:
            drawn = logo.render_logo(size).quantize(32).convert("RGB")
            assert icon.convert("RGB").tobytes() == drawn.tobytes(), f"{name}: python -m newsroom.logo"
