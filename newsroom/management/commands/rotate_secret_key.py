from typing import Any

from django.core.management.base import BaseCommand

from newsroom.accounts.second_factors import rotate_second_factors


class Command(BaseCommand):
    help = "After SECRET_KEY was changed: encrypt all second factors with it, so that the former key can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        rotated, unreadable = rotate_second_factors()
        self.stdout.write(f"Second factors encrypted with the current key: {rotated}.")
        if unreadable:
            self.stderr.write(f"Not readable with any key, and left as they are: {unreadable}. Reset them.")
