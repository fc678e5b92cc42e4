"""Filters that every template may use."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def when(moment: datetime | None, place: str = "") -> SafeString | str:
    """Show a moment as people say it: today's time, this year's day, else the date; exact in the element's attributes.

    With `"inside"` it stands within a sentence: `today, 14:05`. There is no "5 minutes ago", as pages are cached.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    today = timezone.localdate()
    if local.date() == today:
        words = f"Today, {date_format(local, 'H:i')}"
    elif local.date() == today - timedelta(days=1):
        words = f"Yesterday, {date_format(local, 'H:i')}"
    else:
        words = date_format(local, "j F" if local.year == today.year else "j F Y")
    if place == "inside":
        words = words[:1].lower() + words[1:]
    return format_html('<time datetime="{}" title="{}">{}</time>', iso(moment), full(moment), words)


@register.filter
def iso(moment: datetime) -> str:
    """Return ISO 8601 to the second: HTML allows no microseconds, which Django's `date:"c"` writes."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


@register.filter
def full(moment: datetime) -> str:
    """Return date and time with the zone, as on an article: `22 November 2026, 10:30 IST`."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
