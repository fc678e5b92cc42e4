"""The demo people. Each app's `demo.py` adds its own invented content; `manage.py load_demo` calls them in order."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from devtools.defaults import PASSWORD, PEOPLE
from newsroom.models import Advertisement, Channel, Outlet, User


def load() -> None:
    """People, the outlet's identity, its channels, two advertisements. Called once, inside a transaction."""
    for email, (name, role) in PEOPLE.items():
        user = User.objects.create_user(email, PASSWORD, name=name, is_staff=bool(role))
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        if role:
            user.groups.add(Group.objects.get(name=role))
    Outlet.objects.update(
        notice="Demonstration: every report, person and figure on this site is invented.",
        contact_email="desk@example.org",
    )
    Channel.objects.filter(name="WhatsApp").update(address="https://whatsapp.com/channel/demonstration")
    Channel.objects.filter(name="Telegram").update(address="https://t.me/demonstration")
    Advertisement.objects.create(
        advertiser="Invented bookshop",
        text="Three floors of books by the river, open until nine. (This shop is invented.)",
        url="https://bookshop.example/",
    )
    Advertisement.objects.create(
        advertiser="Invented tea house",
        text="Noon chai and fresh bread from five in the morning. (This tea house is invented.)",
    )
