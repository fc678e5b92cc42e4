"""Bounds what a request may send, by its path: the size of the body, and who may send files.

The rules of the cache in front say the same (`deploy/varnish/newsroom.vcl`; a test compares them). There, and in
`newsroom/rsgi.py`, a body is complete before a thread is spent on it.
"""

import re
from collections.abc import Callable
from functools import cache

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

MAX_BODY = 3_000_000  # bytes: a form (DATA_UPLOAD_MAX_MEMORY_SIZE), and what multipart adds to it
MAX_EVENT = 1_000_000  # bytes: what Stripe sends to its webhook
MAX_UPLOAD = 100_000_000  # bytes: several photos in one form, without JavaScript
WEBHOOK = "/stripe/webhook/"
# The desk's pages that take files.
UPLOADS = re.compile(r"/admin/(articles/photo|newsroom/advertisement)/(upload|add|[^/]+/change)/")
# In the environment of a request whose body the server in front of Django refused to read: the status to answer.
REFUSED = "newsroom.body_refused"


def takes_files(path: str) -> bool:
    """Tell whether the page at this path takes files."""
    return UPLOADS.fullmatch(path) is not None


def max_body(path: str, *, by_staff: bool = True) -> int:
    """Return how many bytes a request to this path may send. Files of those who are not staff are not waited for."""
    if path == WEBHOOK:
        return MAX_EVENT
    return MAX_UPLOAD if by_staff and takes_files(path) else MAX_BODY


class RequestBodyMiddleware:
    """Answers 413 to what is too large, 408 to what came too slowly, and drops files that the page does not take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            declared = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            declared = 0  # as Django reads it: no body
        refused = request.META.get(REFUSED) or (413 if declared > max_body(request.path) else None)
        if refused:
            return HttpResponse(_refusal(refused), status=refused)
        if not takes_files(request.path):
            request.upload_handlers = [DroppedFiles(request)]
        return self.get_response(request)


@cache
def _refusal(status: int) -> str:
    """Return the page, rendered once: who sends thousands of such requests shall not make us render thousands."""
    return render_to_string("413.html", {"status": status})


class DroppedFiles(FileUploadHandler):
    """Drops each file of a form that takes none, without storing any of it."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
