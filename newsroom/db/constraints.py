"""Constraints that tables of several apps have."""

from django.db.models import CheckConstraint, Q


def slug_constraint(name: str, *, when: Q | None = None) -> CheckConstraint:
    """Hold that a row has a slug which can stand in an address; if `when` is given, only rows that meet it.

    One row without an address breaks every page that links to it: the front page, feeds, search.
    """
    has_slug = Q(slug__regex=r"^[-a-zA-Z0-9_]+$")
    return CheckConstraint(
        name=name,
        condition=has_slug if when is None else ~when | has_slug,
        violation_error_message="An address is made of letters from a to z, digits and hyphens.",
    )
