"""What we use of allauth without it being documented; tests/newsroom/test_private_apis.py checks that it exists.

One more is overridden in adapters.py: `DefaultAccountAdapter._get_login_attempts_cache_key`.
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn import forms as webauthn_forms

__all__ = ["get_authentication_records", "get_next_redirect_url", "webauthn_forms"]
