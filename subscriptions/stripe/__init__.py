"""The one package that imports Stripe's library. Each dataclass builds itself from Stripe's object in `from_stripe`.

Stripe's status words are compared here as literals, because mypy checks each against the library's types.
"""
