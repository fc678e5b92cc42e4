"""Fixtures of the newsroom's tests: a mail server."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.smtp_server import SmtpServer, running_smtp_server


@pytest.fixture
def smtp_server(settings: Settings) -> Iterator[SmtpServer]:
    """The mail server that the site hands its mails to."""
    with running_smtp_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
