"""The undocumented parts of libraries that we use. If one is missing, an upgrade of that library has moved it."""

from importlib.metadata import version

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from csp.middleware import CSPMiddleware
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.module_loading import import_string

from newsroom.http.csp import allow_frames
from newsroom.models import Advertisement, User

# {distribution: {where we use it: [what]}}
PRIVATE = {
    "django": {
        "newsroom/db/prepared_queries.py": [
            "django.db.backends.postgresql.base.ServerBindingCursor",
            "django.db.models.sql.Query.get_compiler",
            "django.db.models.sql.compiler.SQLCompiler.execute_sql",
        ],
        "newsroom/http/csrf.py": ["django.middleware.csrf.CsrfViewMiddleware._reject"],
    },
    "django-allauth": {
        "newsroom/accounts/allauth_internals.py": [
            "allauth.account.authentication.get_authentication_records",
            "allauth.account.utils.get_next_redirect_url",
            "allauth.mfa.webauthn.forms.AddWebAuthnForm.full_clean",
            "allauth.mfa.webauthn.forms.AuthenticateWebAuthnForm.full_clean",
            "allauth.mfa.webauthn.forms.LoginWebAuthnForm.full_clean",
            "allauth.mfa.webauthn.forms.ReauthenticateWebAuthnForm.full_clean",
        ],
        "newsroom/accounts/adapters.py": [
            "allauth.account.adapter.DefaultAccountAdapter._get_login_attempts_cache_key"
        ],
    },
    "psycopg": {
        "newsroom/http/page_cache.py": ["psycopg.Cursor.pgresult", "psycopg.Connection.pipeline"],
    },
}


def _exists(path: str) -> bool:
    """Return True if this module, class, function or attribute of a class can be reached."""
    owner, _, name = path.rpartition(".")
    try:
        found = import_string(owner)
    except ImportError:
        return bool(import_string(path))
    return hasattr(found, name)


@pytest.mark.parametrize("library", PRIVATE)
def test_what_we_use_of_a_librarys_private_parts_exists(library: str) -> None:
    missing = [f"{path} ({user})" for user, paths in PRIVATE[library].items() for path in paths if not _exists(path)]
    assert not missing, f"{library} {version(library)} has moved: {', '.join(missing)}"


def test_django_gives_these_attributes_to_objects() -> None:
    moved = f"django {version('django')} has moved"
    assert hasattr(QuerySet(User), "_iterable_class"), f"{moved} QuerySet._iterable_class"
    assert hasattr(FieldFile(Advertisement(), Advertisement._meta.get_field("image"), ""), "_committed"), (
        f"{moved} FieldFile._committed"
    )


def test_allauth_counts_attempts_by_the_key_that_we_extend() -> None:
    names = DefaultAccountAdapter.pre_authenticate.__code__.co_names
    moved = f"django-allauth {version('django-allauth')} does not ask for _get_login_attempts_cache_key any more"
    assert "_get_login_attempts_cache_key" in names, moved


def test_csp_reads_what_we_set_on_a_response() -> None:
    response = HttpResponse()
    allow_frames(response, ["https://video.example"])
    request = RequestFactory().get("/")
    policy = CSPMiddleware(lambda _: response).process_response(request, response)["Content-Security-Policy"]
    assert "frame-src https://video.example" in policy, f"django-csp {version('django-csp')} has moved _csp_update"
