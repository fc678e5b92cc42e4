"""The publisher's admin of money."""

from subscriptions.admin import records  # noqa: F401  (registers its models)
