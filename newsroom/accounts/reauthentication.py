"""Reauthentication, before what cannot be undone: it must be the person, not whoever found the browser open."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from newsroom.accounts.allauth_internals import get_authentication_records

View = Callable[..., HttpResponse]


def reauthentication_required(view: View) -> View:
    """Let in whoever signed in or reauthenticated in the last five minutes, and ask the others to.

    Whoever has neither a password nor a second factor signs in anew.
    """

    @wraps(view)
    @login_required
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        if any(record["at"] > since for record in get_authentication_records(request, request.user)):
            return view(request, *args, **kwargs)
        if get_adapter().get_reauthentication_methods(request.user):
            raise ReauthenticationRequired
        logout(request)
        messages.info(request, "Please sign in once more, so that we know that it is you.")
        return redirect(f"{reverse('account_login')}?next={quote(request.path)}")

    return wrapped
