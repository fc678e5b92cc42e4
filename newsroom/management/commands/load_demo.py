from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import module_has_submodule

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
            for app in apps.get_app_configs():
                if app.module is not None and module_has_submodule(app.module, "demo"):
                    demo = import_module(f"{app.name}.demo")
                    if hasattr(demo, "load"):
                        demo.load()
