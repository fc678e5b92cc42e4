"""What the admin's first page is made of."""

from django import template

from newsroom import desk
from newsroom.models import User

register = template.Library()


@register.simple_tag
def waiting_for(person: User) -> list[desk.Group]:
    return desk.waiting(person)
