"""Invented supporters. They pay at the Stripe stand-in as anybody does, so that its books and ours agree.

`manage.py load_demo` calls `load()`; without the stand-in nobody has paid.
"""

import urllib.request
import uuid
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from devtools.defaults import STANDIN_KEY
from newsroom.models import User
from subscriptions.checkout import payment_page as checkouts
from subscriptions.models import Appeal, Checkout, Offer, SupportEmail
from subscriptions.sync.apply import apply_session

# (name, days ago, amount of a gift in minor units or None for a subscription)
SUPPORTERS: list[tuple[str, int, int | None]] = [
    ("Mehvish Durrani Pal", 0, None),
    ("Altaf Saraf Zaz", 1, 2500),
    ("Insha Kathjoo", 2, None),
    ("Peer Mudasir Lankar", 3, 1000),
    ("Shakeela Butshah", 4, 5000),
    ("Wasim Chowdri Gul", 4, None),
    ("Rounaq Dhobi", 6, 500),
    ("Tanvi Sapru Razi", 7, None),
    ("Gulshan Ara Mattoo", 8, 20000),
    ("Naveed Zoji", 9, None),
    ("Lalita Dhar Bazaz", 10, 7500),
    ("Hilal Aswad", 12, None),
    ("Mariya Kanth", 13, 1500),
    ("Showkat Tsunt", 14, None),
    ("Afshan Bilal Pampori", 16, 3000),
    ("Rakesh Zutsi Lal", 17, None),
    ("Dilruba Shangloo", 18, 10000),
    ("Javid Hamdani Rah", 20, None),
    ("Toyiba Nazki Sheen", 21, 2000),
    ("Sameer Gagribal", 23, None),
    ("Yawar Kuchru", 24, 12000),
    ("Nargis Wukay", 26, None),
    ("Mushtaq Arin", 28, 4000),
    ("Heena Kotru Baba", 30, None),
]


APPEAL_NAMES = {2: ("Altaf Saraf Zaz", "Please ask the ferrymen too. (An invented message.)"), 5: ("Gulshan Ara", "")}


def load() -> None:
    """Load subscribers and donors of the last month. Called once, inside a transaction."""
    if settings.STRIPE_SECRET_KEY != STANDIN_KEY:
        return
    Offer.objects.update(yearly_amount=10000, choose_amount=True)
    subscriber = User.objects.get(email="subscriber@example.org")
    _subscribe(subscriber, days_ago=24)
    wetlands = _appeals()
    for number, (name, days_ago, amount) in enumerate(SUPPORTERS):
        email = f"{name.lower().replace(' ', '.')}@example.org"
        if amount is None:
            _subscribe(User.objects.create_user(email, name=name), days_ago=days_ago)
        else:
            shown, message = APPEAL_NAMES.get(number, ("", ""))
            checkout = checkouts.start_donation(
                form_id=uuid.uuid4(),
                user=None,
                amount=amount,
                currency=Offer.objects.get().currency,
                appeal=wetlands if number % 3 else None,
                name=shown,
                message=message,
            )
            checkouts.payment_page(checkout)
            _pay(checkout, email=email, name=name, days_ago=days_ago)
    SupportEmail.objects.update(sent_at=timezone.now())  # nobody is written to about an invented past


def _appeals() -> Appeal:
    """Two, one of which still waits for readers: that one."""
    Appeal.objects.create(
        title="The last winter of the floating gardens",
        slug="floating-gardens",
        sentence="One winter among the growers of the lake. (This appeal is invented.)",
        text="It is over, and shows what an appeal that has ended looks like. Nothing on this page is true.",
        goal=80_000,
        deadline=timezone.localdate() - timedelta(days=20),
        on_site=True,
    )
    return Appeal.objects.create(
        title="Who owns the wetlands?",
        slug="wetlands",
        sentence="A year in the land records of three districts. (This appeal is invented.)",
        text="It is to pay for a reporter's travel, for copies of land records, and for the lawyer who reads the "
        "report before you do.\n\nNothing on this page is true: it shows what an appeal looks like.",
        goal=400_000,
        deadline=timezone.localdate() + timedelta(days=30),
        on_site=True,
    )


def _subscribe(user: User, *, days_ago: int) -> None:
    checkouts.start_subscription(user)
    _pay(Checkout.objects.get(user=user), email=user.email, name=user.name, days_ago=days_ago)


def _pay(checkout: Checkout, *, email: str, name: str, days_ago: int) -> None:
    checkout.refresh_from_db()
    form = {"session": checkout.stripe_session_id, "email": email, "name": name, "days_ago": days_ago}
    urllib.request.urlopen(  # noqa: S310  (an address on this machine)
        f"{settings.STRIPE_API_BASE}/_standin/pay", urlencode(form).encode(), timeout=10
    ).close()
    apply_session(str(checkout.stripe_session_id), cause="demo")
