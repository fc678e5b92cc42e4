"""The support page and the appeals: public, and the same for everyone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsroom.http.cache_headers import add_surrogate_keys, public, set_expiry
from newsroom.http.surrogate_keys import SUPPORT
from subscriptions.checkout.forms import DonationForm
from subscriptions.models import Appeal, Offer


@public
@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """`/support/`: the two ways to support, and the appeals."""
    form = DonationForm(offer=Offer.objects.get())
    add_surrogate_keys(request, SUPPORT)
    _expire_when_appeals_end(request, form.appeals)
    return render(request, "subscriptions/support.html", {"form": form})


@public
@require_safe
def appeal(request: HttpRequest, slug: str) -> HttpResponse:
    """`/support/appeals/<slug>/`: a special report, its progress, and the form to donate to it."""
    found = get_object_or_404(Appeal.objects.with_progress(), slug=slug, on_site=True)
    form = DonationForm(offer=Offer.objects.get(), initial={"appeal": found.slug})
    add_surrogate_keys(request, SUPPORT)
    _expire_when_appeals_end(request, [found])
    return render(request, "subscriptions/appeal.html", {"appeal": found, "form": form})


def _expire_when_appeals_end(request: HttpRequest, appeals: list[Appeal]) -> None:
    ends = [appeal.ends_at for appeal in appeals if appeal.ends_at and appeal.is_accepting]
    if ends:
        set_expiry(request, min(ends))
