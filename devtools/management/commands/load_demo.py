from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from devtools.demo import articles, comments, outlet, support
from newsroom.models import User


class Command(BaseCommand):
    help = (
        "Fill an empty database with invented people, articles, comments and payments. Does nothing if it is not empty."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            return
        self.stdout.write("Loading the demo content …")
        with transaction.atomic():
            for part in (outlet, support, articles, comments):
                part.load()
