"""`python -m tests.bench.growth`: measures each page on a large and on a small set of sample data, side by side.

Both are created in FOLDER by `load_sample_data` and stay there: the large one takes a quarter of an hour and 20 GB. One
client requests each page of both in turn; the ratio is that of the medians. Nothing but Postgres caches.
"""

import argparse
import http.client
import os
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from devtools.run import GRANIAN
from tests.bench import servers

SMALL = (1_000, 5_000, 2_000)  # articles, comments, readers: enough to fill a page of each list in the admin
LARGE = (1_000_000, 5_000_000, 200_000)
MAX_RATIO = 1.5
STATEMENT_TIMEOUT = 10.0  # seconds


def pages(articles: int) -> dict[str, str]:
    """Return the public pages' paths by name, for so many articles."""
    middle = articles // 2
    key = f"before={(int(time.time()) - 7 * 365 * 86_400) * 1_000_000}-1"
    busy = f"/articles/invented-report-{articles * 99 // 100 + 1}/"
    return {
        "front page": "/",
        "article": f"/articles/invented-report-{articles - 3}/",
        "article of years ago": f"/articles/invented-report-{middle}/",
        "article with the longest thread": busy,
        "its thread": f"{busy}comments/",
        "its thread, newest first": f"{busy}comments/?order=newest",
        "history of an article": f"{busy}history/",
        "section": "/sections/invented-section-1/",
        "section, years ago": f"/sections/invented-section-1/?{key}",
        "topic, the busiest": "/topics/invented-topic-1/",
        "author, the busiest": "/authors/invented-author-1/",
        "latest": "/latest/",
        "latest, years ago": f"/latest/?{key}",
        "corrections": "/corrections/",
        "support": "/support/",
        "feed": "/feed/",
        "feed of a topic": "/topics/invented-topic-1/feed/",
        "sitemap index": "/sitemap.xml",
        "search: a word in every other report": "/search/?q=road",
        "search: two words": "/search/?q=school+snow",
        "search: a phrase": "/search/?q=%22road+river%22",
        "search: a beginning": "/search/?q=or",
        "search: without a word": "/search/?q=road+-river",
        "search: nothing found": "/search/?q=zzqqxx",
        "search: by date": "/search/?q=road&order=newest",
        "search: within a section": "/search/?q=road&section=invented-section-8",
        "search: by an author": "/search/?q=road&author=invented-author-3",
    }


def private_pages(articles: int) -> dict[str, str]:
    """Return the paths of pages for people who are signed in, most of them the admin's."""
    return {
        "overlay": "/overlay/",
        "account": "/account/",
        "desk": "/admin/",
        "queue: held": "/admin/comments/queue/",
        "queue: reported": "/admin/comments/queue/?view=reported",
        "queue: spam": "/admin/comments/queue/?view=spam",
        "queue: unconfirmed": "/admin/comments/queue/?view=unconfirmed",
        "queue: recently decided": "/admin/comments/queue/?view=recent",
        "articles": "/admin/articles/article/",
        "articles, published": "/admin/articles/article/?status__exact=published",
        "articles, on the site": "/admin/articles/article/?live=yes",
        "articles, searched": "/admin/articles/article/?q=bridge",
        "articles, one": f"/admin/articles/article/{articles - 3}/change/",
        "history of one": f"/admin/articles/article/{articles - 3}/history/",
        "front page arranged": "/admin/articles/frontplace/",
        "editions": "/admin/articles/edition/",
        "topics": "/admin/articles/topic/",
        "authors": "/admin/articles/author/",
        "photos": "/admin/articles/photo/",
        "comments": "/admin/comments/comment/",
        "comments, approved": "/admin/comments/comment/?status__exact=approved",
        "comments, searched": "/admin/comments/comment/?q=bridge",
        "threads": "/admin/comments/thread/",
        "people": "/admin/newsroom/user/",
        "people, searched": "/admin/newsroom/user/?q=reader-7",
        "subscriptions": "/admin/subscriptions/subscription/",
        "donations": "/admin/subscriptions/donation/",
        "ledger": "/admin/subscriptions/ledgerentry/",
        "checkouts": "/admin/subscriptions/checkout/",
        "events": "/admin/subscriptions/stripeevent/",
        "publisher's desk": "/admin/subscriptions/subscription/desk/",
    }


@dataclass
class Site:
    """One set of sample data behind one web process."""

    address: str
    articles: int
    cookies: str
    times: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=60)

    def get(self, name: str, path: str, *, private: bool) -> None:
        """Request the page, and record how long it took."""
        headers = {"Accept-Encoding": "gzip"} | ({"Cookie": self.cookies} if private else {})
        began = time.perf_counter()
        self.client.request("GET", path, headers=headers)
        answer = self.client.getresponse()
        size = len(answer.read())
        took = time.perf_counter() - began
        if answer.status in (500, 503):
            took = STATEMENT_TIMEOUT
        elif answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        self.times.setdefault(name, []).append(took * 1000)
        self.sizes[name] = size


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure pages on a large set of sample data against a small one.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--only", default="", help="Only pages with this in their name.")
    parser.add_argument("--port", type=int, default=8141, help="Port of the small site; the large one has the next.")
    given = parser.parse_args()
    with ExitStack() as stack:
        sites = [
            _site(stack, given.folder / name, given.port + number, *size)
            for number, (name, size) in enumerate((("small", SMALL), ("big", LARGE)))
        ]
        for number in range(given.rounds + 1):
            for private, of_both in (
                (False, [pages(site.articles) for site in sites]),
                (True, [private_pages(site.articles) for site in sites]),
            ):
                for name in [name for name in of_both[0] if given.only in name]:
                    for site, paths in zip(sites, of_both, strict=True):
                        site.get(name, paths[name], private=private)
            if number == 0:
                for site in sites:
                    site.times.clear()  # the first round only warms up
    small, large = sites
    servers.write_table(servers.REPORT, "growth", _table(small, large))


def _table(small: Site, large: Site) -> str:
    lines = [
        f"{time.strftime('%-d %B %Y')}, `python -m tests.bench.growth`, {len(next(iter(small.times.values())))} rounds, a load of"
        f" {os.getloadavg()[0]:.1f} at the end. {servers.machine()}",
        "",
        f"| page | {small.articles:,} articles, ms | {large.articles:,}, ms | ratio of the medians | of the fastest |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, times in small.times.items():
        others = large.times[name]
        one, other = statistics.median(times), statistics.median(others)
        fastest = min(others) / min(times)
        beyond = " (!)" if min(fastest, other / one) > MAX_RATIO else ""
        lines.append(f"| {name} | {one:.1f} | {other:.1f} | {other / one:.2f} | {fastest:.2f}{beyond} |")
    return "\n".join(lines)


def _site(stack: ExitStack, folder: Path, port: int, articles: int, comments: int, readers: int) -> Site:
    made = folder / "made"
    url = stack.enter_context(servers.database(folder))
    settings = servers.environment(port, url, folder)
    servers.manage(settings, "migrate", "--verbosity=0")
    servers.manage(settings, "collectstatic", "--noinput", "--verbosity=0")
    if not made.exists():
        sizes = ("--articles", str(articles), "--comments", str(comments), "--readers", str(readers))
        print(servers.manage(settings, "load_sample_data", *sizes))
        made.touch()
    cookies = servers.signed_in(settings, staff=True)
    settings["DATABASE_URL"] = f"{url}&options=-c%20statement_timeout%3D{STATEMENT_TIMEOUT:.0f}s"
    address = stack.enter_context(servers.granian(GRANIAN, port, settings, folder / "web.log"))
    return Site(address, articles, cookies)


if __name__ == "__main__":
    main()
