"""The publisher's admin: the records of money, the revenue report, refunds and cancellations."""

from subscriptions.admin import ledger, offer, records  # noqa: F401  (register their models)
