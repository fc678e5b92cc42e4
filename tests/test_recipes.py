"""The recipes of CONTRIBUTING.md: one test for each place that is easily forgotten."""

import ast
import inspect
import re
import typing
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver, resolve
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app
from pytest_django import Settings
from stripe.params import WebhookEndpointCreateParams

from comments.moderation import rules
from devtools import defaults
from newsroom import settings as site_settings
from newsroom.paths import BASE_DIR
from subscriptions.models import StripeEvent, SupportEmail
from subscriptions.stripe.errors import Refused
from subscriptions.stripe.setup import EVENT_TYPES
from subscriptions.sync import events
from tests.bench import growth

APPS = ("newsroom", "subscriptions", "articles", "comments")
OPERATING = (BASE_DIR / "docs/operating.md").read_text()


def sources(*packages: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted name and the text of each module of these packages, migrations apart."""
    for package in packages:
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(BASE_DIR).with_suffix("").parts), path.read_text()


# A setting


def test_every_setting_is_read_listed_and_documented() -> None:
    """The two-column start of a row is `name` and, where production must be given it, a star."""
    documented = dict(re.findall(r"^\| `([A-Z_]+)`( \*)? \|", OPERATING, re.M))
    read = set(re.findall(r"env\.\w+,? ?\(?\"([A-Z_]+)\"", inspect.getsource(site_settings)))
    assert set(documented) == {*site_settings.SETTINGS, "PORT"}
    assert read <= set(site_settings.SETTINGS)
    required = re.search(r"for name in \(([^)]+)\)", inspect.getsource(site_settings))
    assert required
    must = set(re.findall(r"\"(\w+)\"", required[1]))
    assert {name for name, star in documented.items() if star} == must
    assert must <= {"DATABASE_URL", *defaults.values(8000)} | {"STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"}


def _dotted(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for one in value:
            yield from _dotted(one)
    elif isinstance(value, str) and re.fullmatch(rf"(?:{'|'.join(APPS)})(?:\.\w+)+", value):
        yield value


def test_every_dotted_name_in_the_settings_is_there() -> None:
    names = [name for key in dir(settings) if key.isupper() for name in _dotted(getattr(settings, key))]
    assert len(names) > 20
    for name in {*names} - {"newsroom.urls", "newsroom.User"}:
        assert import_string(name)


# A mail


def _mails() -> set[str]:
    """Return what stands before `_subject.txt` and `_message.…` in the names of all mails' templates."""
    folder = BASE_DIR / "templates"
    files = list(folder.glob("*/email/*_subject.txt")) + list(folder.glob("*/email/*_message.*"))
    named = {re.sub(r"_(subject|message)\.\w+$", "", path.relative_to(folder).as_posix()) for path in files}
    layouts = {name for path in files for name in re.findall(r"{% extends \"(.+?)_message\.\w+\" %}", path.read_text())}
    return named - layouts


def test_every_mail_has_a_subject_and_a_message_and_some_code_sends_it() -> None:
    """Code names a mail by its templates; an f-string stands for several."""
    named = {name for _, text in sources(*APPS) for name in re.findall(r"\"(\w+/email/[^\"\s]+)\"", text)}
    patterns = [re.sub(r"\\{.*?\\}", r"\\w+", re.escape(name)) for name in named]
    for mail in _mails():
        assert get_template(f"{mail}_subject.txt")
        assert get_template(f"{mail}_message.txt")
        of_allauth = bool(list(Path(allauth.__file__).parent.glob(f"templates/{mail}_subject.txt")))
        of_ours = any(re.fullmatch(pattern, name) for pattern in patterns for name in (mail, f"{mail}_subject.txt"))
        assert of_allauth or of_ours, f"no code sends {mail}"


def test_every_mail_that_code_names_has_its_templates() -> None:
    for _, text in sources(*APPS):
        for name in re.findall(r"\"(\w+/email/[^\"\s]+)\"", text):
            assert list((BASE_DIR / "templates").glob(f"{re.sub(r'{.*?}', '*', name)}*")), name


def test_mail_is_sent_in_one_place() -> None:
    """allauth's adapter renders allauth's mails."""
    senders = {module for module, text in sources(*APPS) if re.search(r"django\.core\.mail\b|\bsend_mail\(", text)}
    assert senders <= {"newsroom.mail", "newsroom.accounts.adapters"}


# A page. tests/newsroom/test_urls.py holds every address and who is answered what, tests/newsroom/http/test_varnish.py that
# the cache in front knows which addresses are private.

# Public addresses that `python -m tests.bench.growth` and tests/test_growth.py leave out, as they cannot grow with the
# archive, or as much as another one that is measured
NOT_MEASURED = {
    "<slug:slug>/",
    "articles/<slug:slug>/comments/<uuid:public_id>/",
    "articles/<slug:slug>/share.png",
    "authors/<slug:slug>/feed/",
    "comments/<uuid:public_id>/",
    "news-sitemap.xml",
    "sections/<slug:slug>/feed/",
    "sitemaps/articles-<int:part>.xml",
    "sitemaps/pages.xml",
    "support/appeals/<slug:slug>/",
    *("robots.txt", "ads.txt", ".well-known/security.txt", "manifest.webmanifest", "favicon.ico"),
}


def _public_routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _public_routes(pattern, route)
        elif getattr(pattern.callback, "is_public", False):
            yield route


def test_the_cost_of_every_public_page_is_measured() -> None:
    measured = {resolve(path.partition("?")[0]).route for path in growth.pages(1000).values()}
    assert set(_public_routes(get_resolver())) - measured == NOT_MEASURED


# A dashboard section, and the other lists in which each app names its part


def _defined(ends: Callable[[ast.FunctionDef], bool]) -> set[str]:
    return {
        f"{module}.{node.name}"
        for module, text in sources(*APPS)
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ends(node)
    }


def _takes_a_user_and_returns(word: str) -> Callable[[ast.FunctionDef], bool]:
    def does(node: ast.FunctionDef) -> bool:
        returns = ast.unparse(node.returns) if node.returns else ""
        arguments = [ast.unparse(argument.annotation) for argument in node.args.args if argument.annotation]
        return arguments == ["User"] and re.match(r"Itera\w+\[", returns) is not None and word in returns

    return does


def test_every_dashboard_section_is_shown() -> None:
    assert _defined(_takes_a_user_and_returns("DashboardSection")) == set(settings.DASHBOARD_SECTIONS)


def test_every_part_of_the_data_export_is_handed_out() -> None:
    assert _defined(_takes_a_user_and_returns("ExportSection")) == set(settings.DATA_EXPORT_SOURCES)


def test_every_erasure_step_is_taken() -> None:
    steps = {f"{module}.STEP" for module, text in sources(*APPS) if re.search(r"^STEP = ErasureStep\(", text, re.M)}
    assert steps == set(settings.ERASURE_STEPS)


# A moderation rule


def test_every_moderation_rule_is_asked_and_tested() -> None:
    """A rule is a public function of a submission that returns a hit or None."""
    written = [
        thing
        for thing in vars(rules).values()
        if inspect.isfunction(thing)
        and thing.__module__ == rules.__name__
        and typing.get_type_hints(thing).get("return") == rules.Hit | None
    ]
    assert {*written} == {*rules.RULES}
    assert len(rules.RULES) == len({*rules.RULES})
    tested = "".join(text for _, text in sources("tests/comments"))
    for name in set(re.findall(r"\bHit\(\s*\"([\w ]+)\"", inspect.getsource(rules))):
        assert f'"{name}"' in tested, f"no test names the rule {name}"


# A Stripe event


def _handled(event_type: str) -> bool:
    event = StripeEvent.objects.create(stripe_id=f"evt_{event_type}", type=event_type, object_id="x_1", payload="{}")
    with suppress(Refused):  # Stripe is not to be asked; what is ignored does not try
        events.apply_event(event.pk)
    event.refresh_from_db()
    return event.outcome != "ignored: nothing here depends on it"


def test_every_event_that_stripe_is_asked_for_is_applied_and_no_other(db: None, settings: Settings) -> None:
    settings.STRIPE_API_BASE = "https://stripe.example"  # refused before anything is sent
    (literal,) = typing.get_args(WebhookEndpointCreateParams.__annotations__["enabled_events"])
    known = set(typing.get_args(literal)) - {"*"}
    assert {*EVENT_TYPES} <= known
    harmless = {  # of a kind that is asked for: applied where somebody has an endpoint send them, too
        "charge.refund.updated",
        "customer.subscription.pending_update_applied",
        "customer.subscription.pending_update_expired",
        "customer.subscription.trial_will_end",
    }
    assert {name for name in known if _handled(name)} - harmless == {*EVENT_TYPES}


def test_every_kind_of_mail_about_money_has_its_words() -> None:
    for kind in SupportEmail.Kind:
        assert any((BASE_DIR / "templates/subscriptions").glob(f"*/{kind.value}*.txt")), kind


# A scheduled task


def test_every_scheduled_task_is_in_the_table_for_operators() -> None:
    scheduled = {(task.cron, task.task.name) for task in app.periodic_registry.periodic_tasks.values()}
    assert {
        (cron, name) for cron, name in re.findall(r"^\| `([\d*/ ]+)` \| `([\w.]+)` \|", OPERATING, re.M)
    } == scheduled


def test_every_task_that_is_named_is_there() -> None:
    """Modules below the tasks name them in strings."""
    named = {name for _, text in sources(*APPS) for name in re.findall(r"\"(\w+\.tasks\.\w+)\"", text)}
    assert named
    assert named <= set(app.tasks)


# What waits in the queue of an installation that is upgraded, with its arguments
WAITING = {
    "articles.tasks.choose_more_stories": {"article"},
    "articles.tasks.notify": {"event"},
    "articles.tasks.render_avif": {"image"},
    "comments.tasks.announce": {"comment"},
    "comments.tasks.send_confirmation": {"commenter"},
    "comments.tasks.send_leaving": {"commenter", "removed"},
    "newsroom.tasks.confirm_erasure": {"erasure"},
    "newsroom.tasks.purge": {"keys", "soon"},
    "subscriptions.tasks.apply_event": {"event"},
    "subscriptions.tasks.send_letter": {"letter"},
}


@pytest.mark.parametrize("name", WAITING)
def test_a_job_that_waits_during_an_upgrade_can_be_run(name: str) -> None:
    assert WAITING[name] <= set(inspect.signature(app.tasks[name].func).parameters)
