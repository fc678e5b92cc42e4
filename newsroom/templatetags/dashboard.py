"""The tag that puts the dashboard's sections on the admin's first page."""

from django import template

from newsroom.admin import dashboard
from newsroom.models import User

register = template.Library()


@register.simple_tag
def waiting_for(person: User) -> list[dashboard.DashboardSection]:
    return dashboard.sections_for(person)
