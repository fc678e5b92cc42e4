"""What stands around the invented reports: a header menu, a breaking banner, an advertisement with a picture."""

import io
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from articles.models import Banner, Edition, MenuLink, Section, Topic
from devtools.demo.articles.drawing import draw
from newsroom.models import Advertisement


def load() -> None:
    """Called once, after the articles."""
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
    drawn = io.BytesIO()
    draw("houseboat", 88, 960, 320).save(drawn, "JPEG", quality=80)
    Advertisement.objects.create(
        advertiser="Invented boat builder",
        text="A houseboat on a still lake. Rooms by the week. (This boat is invented.)",
        image=ContentFile(drawn.getvalue(), name="drawing.jpg"),
        url="https://houseboat.example/rooms/",
        last_day=timezone.localdate() + timedelta(days=30),
    )
