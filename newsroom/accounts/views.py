"""`/account/…`: what a person has with us, and what they do about it themselves. All of it private."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from newsroom.accounts.adapters import SecondFactorAdapter
from newsroom.accounts.reauthentication import reauthentication_required
from newsroom.forms import PlainTextField
from newsroom.http.cache_headers import private
from newsroom.models import Erasure, User
from newsroom.privacy import data_export
from newsroom.privacy import erasure as erasing

_reads = require_http_methods(["GET", "HEAD", "POST"])


class NameForm(forms.Form):
    name = PlainTextField(
        label="Name",
        max_length=60,
        required=False,
        help_text="Shown with your next comments. What you have written keeps the name that it was written under.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": "Please use a name of at most %(limit_value)d characters."},
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ErasureForm(forms.Form):
    comments = forms.ChoiceField(
        label="Your published comments",
        choices=Erasure.Comments,
        initial=Erasure.Comments.NAMELESS,
        widget=forms.RadioSelect,
        error_messages={"required": "Please choose what becomes of your comments."},
    )


@private
@login_required
@_reads
def account(request: HttpRequest) -> HttpResponse:
    """`/account/`: what there is, put together in the template from the parts of the apps. POST keeps the name."""
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
def badge(request: HttpRequest) -> HttpResponse:
    """`/account/badge/`: whether the supporter's badge stands beside this person's name."""
    shows = request.POST.get("shows_support") == "on"
    person = cast(User, request.user)
    person.shows_support = shows
    person.save(update_fields=["shows_support"])
    messages.success(request, "Your badge is shown." if shows else "Your badge is not shown.")
    return redirect("account")


@private
@login_required
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """allauth's page, but not for the last second step of somebody who needs one."""
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    doors = SecondFactorAdapter()
    if not doors.can_delete_authenticator(passkey):
        messages.error(request, doors.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_list_webauthn")
    return cast(HttpResponse, remove_webauthn(request, pk=pk))


@private
@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """`/account/sessions/<pk>/end/`: sign this person out in one of their other browsers."""
    others = UserSession.objects.filter(user=cast(User, request.user)).exclude(session_key=request.session.session_key)
    session = others.filter(pk=pk).first()
    if session is None:
        messages.info(request, "You are not signed in there any more.")
    else:
        session.end()
        messages.success(request, f"You are signed out there: {session.user_agent}.")
    return redirect("usersessions_list")


@private
@reauthentication_required
@_reads
def export(request: HttpRequest) -> HttpResponse:
    """`/account/export/`: GET says what is in it, POST is the archive of all that is held."""
    if request.method != "POST":
        return render(request, "newsroom/export_request.html")
    response = HttpResponse(data_export.export_archive(cast(User, request.user)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="your-data-{timezone.localdate()}.zip"'
    return response


@private
@reauthentication_required
@_reads
def erase(request: HttpRequest) -> HttpResponse:
    """`/account/erase/`: asks, and a day later it is done. Whoever has asked sees when, and stops it here."""
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
def keep(request: HttpRequest) -> HttpResponse:
    """`/account/erase/stop/`: the person stays. Signed in is proof enough for that."""
    erasure = Erasure.objects.filter(person=cast(User, request.user)).first()
    if erasure is None or erasing.cancel_erasure(erasure.pk):
        messages.success(request, "Your account stays. Nothing was erased.")
    else:
        messages.error(request, "It is too late: your account is being erased.")
    return redirect("account")


@csrf_exempt
@private
@_reads
def stop_erasure(request: HttpRequest, token: str) -> HttpResponse:
    """`/account/erase/stop/<token>/`, from the mail: GET shows a button, as mail scanners follow links; POST stops it.

    The address itself is the proof: so no token of ours is asked for, and whoever has lost the account can stop it.
    """
    erasure = erasing.CANCEL_LINK.open(token)
    if erasure is None or not erasure.can_be_cancelled:
        return render(request, "newsroom/erasure_expired.html", status=410)
    stopped = request.method == "POST" and erasing.cancel_erasure(erasure.pk)
    return render(request, "newsroom/erasure_cancel.html", {"erasure": erasure, "stopped": stopped})
