"""Stripe's webhook."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from subscriptions.stripe.errors import BadEvent
from subscriptions.sync import events


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """`/stripe/webhook/`: answer 200 once the event is stored (or was before), 400 if Stripe did not sign it."""
    try:
        events.receive_event(request.body, request.headers.get("Stripe-Signature", ""))
    except BadEvent:
        return HttpResponse("This is no event that Stripe signed.\n", content_type="text/plain", status=400)
    return HttpResponse("stored\n", content_type="text/plain")
