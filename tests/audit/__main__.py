"""`make audit`: measures every kind of page against its limits, and writes docs/audit.md.

Exits with 1 if a limit is broken. Limits that need no browser are in the tests too.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.error import HTTPError
from urllib.parse import urlsplit
from xml.etree import ElementTree

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from newsroom.paths import BASE_DIR
from tests.audit import advisories
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.running_site import Site

TOOLS = Path(__file__).parent / "node_modules"
REPORT = BASE_DIR / "docs" / "audit.md"
KB = 1024
MAX_PAGE, MAX_HTML, MAX_SCRIPT = 30 * KB, 14 * KB, 6 * KB  # of an article, compressed
LIGHTHOUSE = ("front page", "article", "article in Urdu", "section", "latest", "support")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# The required and recommended fields of Google's "Article structured data", and those of news.
NEWS_FIELDS = (
    *("headline", "image", "datePublished", "dateModified", "author", "publisher", "description"),
    *("articleSection", "inLanguage", "isAccessibleForFree", "mainEntityOfPage"),
)


@dataclass
class Kind:
    """One kind of page, and what was found on it."""

    name: str
    path: str
    status: int = 200
    html: int = 0
    whole: int = 0
    validator: list[str] = field(default_factory=list)
    axe: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    cookies: int = 0
    data: list[str] = field(default_factory=list)


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("This needs Chromium (on Debian: apt install chromium).")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder) / "home")
        site.start()
        try:
            kinds, script = _fetch(site, Path(folder))
            _validate(kinds, Path(folder))
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
                for kind in kinds:
                    _inspect(browser, site, kind)
                browser.close()
            scores = {kind.name: _lighthouse(site, kind, chromium) for kind in kinds if kind.name in LIGHTHOUSE}
            feeds = _machine_readable(site)
        finally:
            site.stop()
    packages = _packages()
    broken = _broken(kinds, script, scores, feeds) + packages
    REPORT.write_text(_report(kinds, script, scores, feeds, packages, broken))
    print(REPORT.read_text())
    return 1 if broken else 0


def _kinds(front: str) -> list[Kind]:
    """Return every kind of page; the articles are taken from the front page."""
    article = re.search(r'card-headline"[^>]*><a href="([^"]+)"', front)
    urdu = re.search(r'lang="ur"[^>]*><a href="([^"]+)"', front)
    assert article
    assert urdu
    return [
        Kind("front page", "/"),
        Kind("article", article[1]),
        Kind("article in Urdu", urdu[1]),
        Kind("thread of an article", f"{article[1]}comments/"),
        Kind("section", "/sections/kashmir/"),
        Kind("topic", "/topics/roads/"),
        Kind("author", "/authors/nuzhat-kralwari/"),
        Kind("latest", "/latest/"),
        Kind("search", "/search/?q=roads"),
        Kind("nothing found", "/search/?q=zzqq"),
        Kind("corrections", "/corrections/"),
        Kind("page of the outlet", "/about/"),
        Kind("support", "/support/"),
        Kind("sign in", "/accounts/login/"),
        Kind("not found", "/nowhere/", status=404),
    ]


def _fetch(site: Site, folder: Path) -> tuple[list[Kind], int]:
    """Save every kind of page to a file and measure it; return the kinds, and the size of the script."""
    front = site.page("/")
    kinds = _kinds(front)
    weights = {}
    for name in ("css/site.css", "js/site.js"):
        weights[name] = len(gzip.compress(site.page(f"/static/{name}").encode()))
    for number, kind in enumerate(kinds):
        status, page = _get(site.address + kind.path)
        assert status == kind.status, f"{kind.path}: {status}"
        (folder / f"{number}.html").write_bytes(page)
        kind.html = len(gzip.compress(page))
        kind.whole = kind.html + sum(weights.values())
        kind.data = _structured_data(kind, page.decode())
    return kinds, weights["js/site.js"]


def _get(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.status, response.read()
    except HTTPError as error:
        return error.code, error.read()


def _structured_data(kind: Kind, page: str) -> list[str]:
    """Return the fields that its JSON-LD lacks."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    things = {thing["@type"]: thing for thing in json.loads(found[1])["@graph"]} if found else {}
    wanted: dict[str, dict[str, tuple[str, ...]]] = {
        "front page": {"NewsMediaOrganization": ("name", "url", "logo"), "WebSite": ("name", "url", "potentialAction")},
        "article": {"NewsArticle": NEWS_FIELDS, "BreadcrumbList": ("itemListElement",)},
        "article in Urdu": {"NewsArticle": NEWS_FIELDS, "BreadcrumbList": ("itemListElement",)},
        "section": {"BreadcrumbList": ("itemListElement",)},
        "topic": {"BreadcrumbList": ("itemListElement",)},
        "author": {"BreadcrumbList": ("itemListElement",), "ProfilePage": ("mainEntity",)},
    }
    of_kind = wanted.get(kind.name, {})
    return [f"{name}.{part}" for name, parts in of_kind.items() for part in parts if part not in things.get(name, {})]


def _validate(kinds: list[Kind], folder: Path) -> None:
    """Run the W3C's validator (Nu) over the saved pages."""
    jar = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    pages = [str(folder / f"{number}.html") for number in range(len(kinds))]
    run = subprocess.run(
        ["java", "-jar", str(jar), "--format", "json", *pages], capture_output=True, text=True, check=False
    )
    for message in json.loads(run.stderr)["messages"]:
        if message["type"] == "error" or message.get("subType") == "warning":
            kinds[int(Path(urlsplit(message["url"]).path).stem)].validator.append(message["message"])


def _inspect(browser: Browser, site: Site, kind: Kind) -> None:
    """Load the page at two widths, light and dark; record axe's violations, cookies and third-party requests."""
    for width in (360, 1280):
        for scheme in SCHEMES:
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
            page = context.new_page()
            page.on(
                "request",
                lambda request: (
                    kind.elsewhere.add(request.url)
                    if not request.url.startswith((site.address, "data:", "blob:"))
                    else None
                ),
            )
            page.goto(site.address + kind.path)
            page.wait_for_load_state("networkidle")
            kind.cookies = max(kind.cookies, len(context.cookies()))
            kind.axe += [violation["id"] for violation in Axe().run(page).response["violations"]]
            context.close()


def _lighthouse(site: Site, kind: Kind, chromium: str) -> dict[str, int]:
    """Return Lighthouse's mobile scores out of 100, the best of three runs."""
    flags = " ".join(["--headless=new", *ARGUMENTS])
    command = ["node", str(TOOLS / "lighthouse" / "cli" / "index.js"), site.address + kind.path, "--quiet"]
    command += ["--output=json", f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={flags}"]
    best: dict[str, int] = {}
    # Other load on the machine only lowers a score, and now and then Chromium loses the trace of a page load.
    for _ in range(3):
        run = subprocess.run(
            command, capture_output=True, text=True, check=True, env={**os.environ, "CHROME_PATH": chromium}
        )
        found = json.loads(run.stdout)["categories"]
        scores = {name: round((found[name]["score"] or 0) * 100) for name in CATEGORIES}
        best = max(best, scores, key=lambda each: sum(each.values()))
        if min(best.values()) == 100:
            break
    return best


def _machine_readable(site: Site) -> dict[str, str]:
    """Return the fault of each feed, sitemap and file for programs; empty if it has none."""
    found = {}
    for path in ("/feed/", "/sections/kashmir/feed/", "/topics/roads/feed/", "/authors/nuzhat-kralwari/feed/"):
        channel = ElementTree.fromstring(site.page(path)).find("channel")
        names = {each.tag for each in channel} if channel is not None else set()
        items = channel.findall("item") if channel is not None else []
        lacking = {"title", "link", "description", "lastBuildDate"} - names
        lacking |= {
            f"item/{tag}" for item in items for tag in ("title", "link", "guid", "pubDate") if item.find(tag) is None
        }
        found[path] = ", ".join(sorted(lacking)) or ("" if items else "no items")
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ElementTree.fromstring(site.page("/sitemap.xml"))
    parts = [element.text or "" for element in index.iter(f"{space}loc")]
    found["/sitemap.xml"] = "" if index.tag == f"{space}sitemapindex" and parts else "no sitemaps"
    for part in [urlsplit(part).path for part in parts] + ["/news-sitemap.xml"]:
        root = ElementTree.fromstring(site.page(part))
        urls = root.findall(f"{space}url")
        good = root.tag == f"{space}urlset" and 0 < len(urls) <= 50_000
        found[part] = "" if good and all(url.find(f"{space}loc") is not None for url in urls) else "not a sitemap"
    for path, words in {
        "/robots.txt": "Sitemap: ",
        "/ads.txt": "placeholder",
        "/.well-known/security.txt": "Expires: ",
        "/manifest.webmanifest": '"icons"',
    }.items():
        found[path] = "" if words in site.page(path) else f"no {words}"
    return found


def _packages() -> list[str]:
    """Return known vulnerabilities of the locked packages, or a line that nothing is known."""
    try:
        return [f"a known vulnerability in {line}" for line in advisories.advisories(advisories.locked())]
    except advisories.Unknown as error:
        return [f"{error} Nothing is known about the packages."]


def _broken(kinds: list[Kind], script: int, scores: dict[str, dict[str, int]], feeds: dict[str, str]) -> list[str]:
    """Return a line for each limit that is broken."""
    said = []
    for kind in kinds:
        said += [f"{kind.name}: {message}" for message in sorted({*kind.validator})]
        said += [f"{kind.name}: axe, {rule}" for rule in sorted({*kind.axe})]
        said += [f"{kind.name}: asks {address}" for address in sorted(kind.elsewhere)]
        said += [f"{kind.name}: JSON-LD without {part}" for part in kind.data]
        if kind.cookies and kind.name != "sign in":  # a form with a token, which is its cookie's
            said.append(f"{kind.name}: {kind.cookies} cookies")
        if kind.html > MAX_HTML or kind.whole > MAX_PAGE:
            said.append(f"{kind.name}: weighs {kind.html} bytes, with style and script {kind.whole}")
    if script > MAX_SCRIPT:
        said.append(f"the script weighs {script} bytes")
    for name, of in scores.items():
        least = 100 if name in ("front page", "article") else 95
        said += [f"{name}: Lighthouse, {category} {score}" for category, score in of.items() if score < least]
    return said + [f"{path}: {words}" for path, words in feeds.items() if words]


def _report(
    kinds: list[Kind],
    script: int,
    scores: dict[str, dict[str, int]],
    feeds: dict[str, str],
    packages: list[str],
    broken: list[str],
) -> str:
    lines = [
        "# What `make audit` found",
        "",
        "Written by `make audit` itself, on the demo content of `make run`. It needs Chromium, npm and Java.",
        "",
        f"Limits: an article's HTML {MAX_HTML // KB} KB and with style and script {MAX_PAGE // KB} KB compressed; the script "
        f"{MAX_SCRIPT // KB} KB (it is {script / KB:.1f} KB); nothing from elsewhere; no cookie but a form's token; no fault "
        "that the W3C's validator (Nu) or axe finds, at 360 and 1280 pixels, light and dark.",
        "",
        "| page | HTML KB | with style and script KB | validator | axe | from elsewhere | cookies | JSON-LD lacks |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {kind.name} | {kind.html / KB:.1f} | {kind.whole / KB:.1f} | {len(kind.validator)} | {len(kind.axe)}"
        f" | {len(kind.elsewhere)} | {kind.cookies} | {len(kind.data)} |"
        for kind in kinds
    ]
    lines += ["", "Lighthouse, mobile; front page and article must have 100 in all four:", ""]
    lines += ["| page | performance | accessibility | best practices | SEO |", "|---|---:|---:|---:|---:|"]
    lines += [
        f"| {name} | " + " | ".join(str(of[category]) for category in CATEGORIES) + " |" for name, of in scores.items()
    ]
    lines += [
        "",
        "Feeds, sitemaps and files for programs, checked against their formats:",
        "",
        "| address | fault |",
        "|---|---|",
    ]
    lines += [f"| `{path}` | {words or 'none'} |" for path, words in feeds.items()]
    lines += ["", f"Of the {len(advisories.locked())} locked packages, checked against OSV's advisories: "]
    lines[-1] += "; ".join(packages) or "none has a known vulnerability."
    lines += [
        "",
        "**All of it holds.**" if not broken else "Does not hold:\n\n" + "\n".join(f"- {each}" for each in broken),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
