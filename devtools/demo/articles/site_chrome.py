"""The demo's header menu, its breaking banner, and an advertisement with a picture."""

from datetime import timedelta

from django.utils import timezone

from articles.models import Banner, Edition, MenuLink, Section, Topic
from devtools.demo.articles.photos import read_photo
from newsroom.models import Advertisement


def load() -> None:
    """Create them; the menu needs the sections, the banner an article."""
    links = [MenuLink(section=section) for section in Section.objects.all()]
    links.append(MenuLink(topic=Topic.objects.get(slug="roads")))
    for position, link in enumerate(links):
        link.menu, link.position = MenuLink.Menu.HEADER, position
        link.save()
    newest = Edition.objects.live().newest().filter(language="en")[0]
    Banner.objects.create(
        text="The passes close to all traffic at six this evening (invented, as all of this)",
        article=newest.article,
        ends_at=timezone.now() + timedelta(days=3),
    )
    Advertisement.objects.create(
        advertiser="Invented boat builder",
        text="A houseboat on a still lake. Rooms by the week. (This boat is invented.)",
        image=read_photo("houseboat-88"),
        url="https://houseboat.example/rooms/",
        last_day=timezone.localdate() + timedelta(days=30),
    )
