"""Every response has the security headers, and nobody can make a cache store a private one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory, override_settings
from pytest_django.asserts import assertContains

from articles.models import Edition, Photo
from newsroom.http.security_headers import HEADERS
from newsroom.models import User
from newsroom.wsgi import application

PUBLIC = ["/", "/latest/", "/search/?q=snow", "/support/", "article", "/feed/", "/sitemap.xml", "/robots.txt"]
PRIVATE = [
    "/account/",
    "/overlay/",
    "/comments/mine/",
    "/accounts/login/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/admin/",
]


def _path(path: str, edition: Edition) -> str:
    return edition.get_absolute_url() if path == "article" else path


@pytest.mark.parametrize(
    "path",
    [
        *PUBLIC,
        *PRIVATE,
        "/unknown/x.css",
        "/static/css/none.css",
        "/static/css/site.css",
        "/healthz",
        "/stripe/webhook/",
        "photo",
        "POST",
    ],
)
def test_every_answer_carries_the_headers(path: str, edition: Edition, photo: Photo, client: Client) -> None:
    if path == "POST":
        response: Any = client.post("/", {"a": "b"})
    else:
        response = client.get(photo.image.url if path == "photo" else _path(path, edition))
    picture = {"Cross-Origin-Resource-Policy": "cross-origin"} if path == "photo" else {}
    assert {name: response.get(name) for name in HEADERS} == HEADERS | picture
    assert response["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response
    response.close()


@pytest.mark.parametrize("path", PRIVATE)
def test_no_private_answer_is_kept(path: str, edition: Edition, editor: User) -> None:
    for client in (Client(), Client()):
        response = client.get(path)
        assert "no-store" in response["Cache-Control"]
        assert "public" not in response["Cache-Control"]
        client.force_login(editor)


# Cache deception: an address that looks like a file must not answer with somebody's page.

LOOKS_LIKE_A_FILE = [
    *(
        f"/account{end}"
        for end in ("/x.css", "/;a.js", ";a.js", "%2Fx.css", "/%2e%2e/x.css", ".css", "/?x.css", "%3Fx.css", "/%0a.css")
    ),
    *(
        "//account/",
        "/account//",
        "/static/..%2faccount/",
        "/static/%2e%2e/account/",
        "/media/..%2faccount/",
        "/./account/",
    ),
    *("/overlay/x.js", "/overlay.js", "/accounts/login/x.css", "/admin/x.css", "/comments/mine/x.png"),
]


@pytest.mark.parametrize("path", LOOKS_LIKE_A_FILE)
def test_what_looks_like_a_file_shows_nobody(path: str, editor: User) -> None:
    client = Client()
    client.force_login(editor)
    response = client.get(path)
    if "no-store" not in response["Cache-Control"]:
        assert editor.name not in response.content.decode()
        assert "csrfmiddlewaretoken" not in response.content.decode()
        assert not response.cookies


# Cache poisoning: what a shared cache does not look at must change nothing, and set no cookie.

UNKEYED = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PORT": "1337",
    "HTTP_X_FORWARDED_SCHEME": "http",
    "HTTP_X_FORWARDED_PREFIX": "/evil",
    "HTTP_FORWARDED": "host=evil.example;proto=http",
    "HTTP_X_HOST": "evil.example",
    "HTTP_X_ORIGINAL_URL": "/account/",
    "HTTP_X_REWRITE_URL": "/account/",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "POST",
    "HTTP_ORIGIN": "https://evil.example",
    "HTTP_REFERER": "https://evil.example/",
    "HTTP_ACCEPT_LANGUAGE": "ur",
    "HTTP_ACCEPT": "application/json",
    "HTTP_USER_AGENT": "<script>",
    "HTTP_AUTHORIZATION": "Basic eDp4",
    "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    "HTTP_HOST": "testserver:1337",
    "HTTP_COOKIE": "csrftoken=broken; sessionid=made-up; somebody=1; known=1; guest=x; messages=x; device=x; django_language=ur",
}


def _kept(response: Any) -> tuple[Any, ...]:
    headers = {name: value for name, value in response.items() if name not in ("Date", "Age")}
    return response.status_code, headers, response.content, dict(response.cookies)


@pytest.mark.parametrize("path", PUBLIC)
def test_no_unkeyed_header_changes_a_public_answer(path: str, edition: Edition) -> None:
    address = _path(path, edition) + ("&page=%C3%A9" if "?" in path else "")
    plain = _kept(Client().get(address))
    for name, value in UNKEYED.items():
        assert _kept(Client(**{name: value}).get(address)) == plain, name  # type: ignore[arg-type]
    assert _kept(Client().generic("GET", address, "q=evil&somebody=1", "application/x-www-form-urlencoded")) == plain


def test_an_unknown_host_is_refused_before_anything(edition: Edition, client: Client) -> None:
    for host in (
        "evil.example",
        "testserver.evil.example",
        "testserver@evil.example",
        "testserver:80:90",
        "[::1",
        "a b",
    ):
        response = client.get("/", HTTP_HOST=host)
        assert response.status_code == 400
        assert "no-store" in response["Cache-Control"]
        assert "evil" not in response.content.decode()


@override_settings(SECURE_SSL_REDIRECT=True)
def test_the_way_to_https_is_not_kept_and_leads_nowhere_else(client: Client) -> None:
    response = client.get("/", HTTP_X_FORWARDED_HOST="evil.example", HTTP_X_FORWARDED_PROTO="https")
    assert response["Location"] == "https://testserver/"
    assert response["Cache-Control"] == "private, no-store"


# Holes that were found


@pytest.fixture
def served(db: None) -> Iterator[None]:
    """The web server's way in, which else would close the connection that the test's transaction is on."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


def _asked(method: str, path: str, kind: str, body: str = "") -> tuple[int, bytes]:
    """Call the application as the web server does."""
    answered: list[int] = []
    environ = RequestFactory().generic(method, path, body, content_type=kind).environ
    response = application(environ, lambda status, headers: answered.append(int(status[:3])))
    return answered[0], b"".join(response)


@pytest.mark.parametrize("charset", ["base64", "rot13", "zlib", "utf-7", "utf-16", "none-such", "hex"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded", "text/plain"])
def test_all_that_comes_is_utf_8_whatever_it_says(charset: str, kind: str, served: None) -> None:
    body = '--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nx\r\n--b--\r\n'
    for path in ("/accounts/login/", "/support/donate/", "/comments/forget-me/", "/stripe/webhook/"):
        assert _asked("POST", path, f"{kind}; charset={charset}", body)[0] < 500, path
    plain = _asked("GET", "/search/?q=%C3%A9", kind)
    for words in (f"{kind}; charset={charset}", f"{kind}; Charset = {charset}"):
        assert _asked("GET", "/search/?q=%C3%A9", words) == plain


def test_a_broken_token_is_no_token(edition: Edition) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "broken"
    assert not client.get(edition.get_absolute_url()).cookies
    assertContains(client.post("/accounts/login/", {"login": "x"}), "Please send this again", status_code=403)
    token = client.get("/accounts/login/").cookies["csrftoken"].value
    assert client.post("/accounts/login/", {"login": "x", "csrfmiddlewaretoken": token}).status_code == 200


@pytest.mark.parametrize(
    "name", ["evil.html", "evil.svg", "evil.js", "evil.xhtml", "evil", "evil.png.html", ".htaccess"]
)
def test_nothing_stored_is_sent_as_a_page(name: str, db: None, client: Client) -> None:
    default_storage.save(f"photos/{name}", ContentFile(b"<script>alert(1)</script>"))
    assert client.get(f"/media/photos/{name}").status_code == 404


def test_a_stored_picture_is_a_picture_whatever_is_in_it(client: Client, db: None) -> None:
    name = default_storage.save("photos/evil.png", ContentFile(b"<script>alert(1)</script>"))
    response = client.get(f"/media/{name}")
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    response.close()


def test_what_is_too_large_is_refused_in_words(client: Client, db: None) -> None:
    large = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for path in ("/accounts/login/", "/support/donate/"):
        assertContains(client.post(path, {"login": large}), "What you sent could not be read", status_code=400)
    many = "&".join(f"a{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    kind = "application/x-www-form-urlencoded"
    assert client.generic("POST", "/accounts/login/", many, kind).status_code == 400


def test_the_media_folder_is_all_that_is_sent(client: Client, db: None) -> None:
    Path(settings.MEDIA_ROOT).mkdir(exist_ok=True)
    Path(settings.MEDIA_ROOT).parent.joinpath("secret.png").write_bytes(b"x")
    for path in (
        "../secret.png",
        "..%2fsecret.png",
        "%2e%2e/secret.png",
        "/secret.png",
        "photos/../../secret.png",
        "a%00.png",
    ):
        assert client.get(f"/media/{path}").status_code in (301, 400, 404)


def test_no_link_of_a_mail_is_written_into_the_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    """A form that came without its token is refused; the address it was sent to opens what is somebody's."""
    response = Client(enforce_csrf_checks=True).post("/comments/leave/a-token-that-still-opens/")
    assert response.status_code in (403, 410)
    assert "a-token-that-still-opens" not in caplog.text
