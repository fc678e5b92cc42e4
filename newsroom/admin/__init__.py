"""The admin of people and of the outlet itself, and what the admins of all apps are built from."""

from newsroom.admin import email, outlet, people

__all__ = ["email", "outlet", "people"]
