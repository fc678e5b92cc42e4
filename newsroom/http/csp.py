"""What we use of django-csp without it being documented; tests/newsroom/test_private_apis.py checks that it exists."""

from collections.abc import Iterable

from django.http import HttpResponse


def allow_frames(response: HttpResponse, sources: Iterable[str]) -> None:
    """Let this page load frames from these hosts, added to the policy in the settings.

    Like the library's `csp_update`, which is a decorator: it takes its sources before the view has run.
    """
    response._csp_update = {"frame-src": list(sources)}  # type: ignore[attr-defined]
