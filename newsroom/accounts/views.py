"""`/account/…`: the pages of a person's own account. All of them are private."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom.accounts.adapters import SecondFactorAdapter
from newsroom.accounts.forms import ErasureForm, NameForm
from newsroom.accounts.reauthentication import reauthentication_required
from newsroom.accounts.sessions import end_sessions, is_current, sessions_of
from newsroom.accounts.staff_events import record
from newsroom.http.cache_headers import private
from newsroom.models import Erasure, StaffEvent, User
from newsroom.privacy import data_export
from newsroom.privacy import erasure as erasing

MAX_EVENTS = 200  # on the page of an account
_get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@private
@login_required
@_get_or_post
def home(request: HttpRequest) -> HttpResponse:
    """Show `/account/`, to which each app adds its part in the template. POST saves the name."""
    person = cast(User, request.user)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": person.name})
    if form.is_bound and form.is_valid():
        person.name = form.cleaned_data["name"]
        person.save(update_fields=["name"])
        messages.success(request, "Your name is kept.")
        return redirect("account")
    return render(request, "account/overview.html", {"form": form}, status=422 if form.is_bound else 200)


@private
@login_required
@require_POST
def set_badge(request: HttpRequest) -> HttpResponse:
    """Show or hide the supporter's badge beside this person's name (`/account/badge/`)."""
    shows = request.POST.get("shows_support") == "on"
    person = cast(User, request.user)
    person.shows_support = shows
    person.save(update_fields=["shows_support"])
    messages.success(request, "Your badge is shown." if shows else "Your badge is not shown.")
    return redirect("account")


@private
@login_required
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey on allauth's page, unless it is the last second factor of somebody who needs one."""
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    adapter = SecondFactorAdapter()
    if not adapter.can_delete_authenticator(passkey):
        messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")
    return cast(HttpResponse, remove_webauthn(request, pk=pk))


@private
@login_required
@_get_or_post
def sessions(request: HttpRequest) -> HttpResponse:
    """List where this person is signed in (`/accounts/sessions/`). POST ends all sessions but this one."""
    person = cast(User, request.user)
    if request.method == "POST":
        end_sessions(person, but=request)
        messages.success(request, "You are signed out everywhere else.")
        return redirect("usersessions_list")
    rows = [(session, is_current(session, request)) for session in sessions_of(person)]
    return render(request, "account/sessions.html", {"sessions": rows})


@private
@login_required
@require_POST
def end_session(request: HttpRequest, key: str) -> HttpResponse:
    """Sign this person out in one of their other browsers (`/account/sessions/<key>/end/`)."""
    session = next((each for each in sessions_of(cast(User, request.user)) if each.session_key == key), None)
    if session is None or is_current(session, request):
        messages.info(request, "You are not signed in there any more.")
    else:
        session.delete()
        messages.success(request, f"You are signed out there: {session.device}.")
    return redirect("usersessions_list")


@private
@login_required
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """List what was done with an account of staff (`/account/activity/`)."""
    person = cast(User, request.user)
    if not person.is_staff:
        raise Http404
    return render(request, "account/activity.html", {"events": person.staff_events.all()[:MAX_EVENTS]})


@private
@reauthentication_required
@_get_or_post
def export(request: HttpRequest) -> HttpResponse:
    """Explain the data export on GET, and send its zip on POST (`/account/export/`)."""
    if request.method != "POST":
        return render(request, "newsroom/export_request.html")
    record(cast(User, request.user), StaffEvent.Kind.EXPORT, request=request, words="everything held about the account")
    response = HttpResponse(data_export.export_archive(cast(User, request.user)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="your-data-{timezone.localdate()}.zip"'
    return response


@private
@reauthentication_required
@_get_or_post
def erase(request: HttpRequest) -> HttpResponse:
    """Ask whether to erase the account, and request it (`/account/erase/`). It is carried out a day later."""
    person = cast(User, request.user)
    form = ErasureForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "objections": erasing.objections(person)}
    if form.is_bound and form.is_valid():
        try:
            erasing.request_erasure(person, form.cleaned_data["comments"])
        except erasing.Objection:
            return render(request, "newsroom/erasure_request.html", context, status=403)
        return redirect("account")
    return render(request, "newsroom/erasure_request.html", context, status=422 if form.is_bound else 200)


@private
@login_required
@require_POST
def cancel_erasure(request: HttpRequest) -> HttpResponse:
    """Cancel the erasure of the person who is signed in (`/account/erase/stop/`). No reauthentication is needed."""
    erasure = Erasure.objects.filter(person=cast(User, request.user)).first()
    if erasure is None or erasing.cancel_erasure(erasure.pk):
        messages.success(request, "Your account stays. Nothing was erased.")
    else:
        messages.error(request, "It is too late: your account is being erased.")
    return redirect("account")


@csrf_exempt
@private
@_get_or_post
def cancel_erasure_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel an erasure by the link in the mail (`/account/erase/stop/<token>/`).

    GET shows a button, as mail scanners follow links; POST cancels. The link alone is enough: it needs neither a
    session nor a CSRF token, so that somebody who has lost the account can use it.
    """
    erasure = erasing.CANCEL_LINK.open(token)
    if erasure is None or not erasure.can_be_cancelled:
        return render(request, "newsroom/erasure_expired.html", status=410)
    stopped = request.method == "POST" and erasing.cancel_erasure(erasure.pk)
    return render(request, "newsroom/erasure_cancel.html", {"erasure": erasure, "stopped": stopped})
