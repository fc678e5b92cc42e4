from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.accounts.second_factors import reset_second_factor
from newsroom.email_addresses import normalize_email
from newsroom.models import User


class Command(BaseCommand):
    help = "Take away somebody's passkeys, app and recovery codes, and sign them out everywhere: for a lost phone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        person = User.objects.filter(email=normalize_email(email)).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        reset_second_factor(person, by=None)
        self.stdout.write(f"{person} has no second step now, is signed out, and was written to.")
