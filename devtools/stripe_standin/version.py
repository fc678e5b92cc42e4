"""The version of the API: the one that the installed library is pinned to."""

from __future__ import annotations

import stripe

API_VERSION: str = stripe.api_version
