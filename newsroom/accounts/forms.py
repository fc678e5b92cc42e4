"""allauth's form for opening an account: of two quick presses the second finds what the first has opened."""

from typing import Any

from allauth.account import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest


class SignupForm(forms.SignupForm):  # type: ignore[misc]
    def try_save(self, request: HttpRequest) -> Any:
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)
