"""A person agrees that their comments say which byline is theirs."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from articles.models import Author
from newsroom.http.cache_headers import private
from newsroom.models import User


@private
@login_required
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """`/account/byline/`: agree to those bylines of this person that are ticked, and to no others."""
    ticked = [pk for pk in request.POST.getlist("byline") if pk.isdecimal() and len(pk) < 10]
    own = Author.objects.filter(account=cast(User, request.user))
    own.filter(pk__in=ticked).update(account_agreed=True)
    own.exclude(pk__in=ticked).update(account_agreed=False)
    messages.success(request, "It is kept. What you have written before stays as it is.")
    return redirect("account")
