"""The outlet's own wording, and its channels."""

from django.contrib import admin
from django.db import models

from newsroom.admin.base import OrderedAdmin, SingletonAdmin, SitewideAdmin
from newsroom.forms import EmailField
from newsroom.models import Channel, Outlet


@admin.register(Outlet)
class OutletAdmin(SitewideAdmin, SingletonAdmin):
    formfield_overrides = {models.EmailField: {"form_class": EmailField}}
    fieldsets = [
        (None, {"fields": ["name", "tagline", "notice"]}),
        ("At the foot of every page", {"fields": ["about", "contact_email", "footnote"]}),
        ("On receipts and yearly statements", {"fields": ["legal_name", "legal_address", "registration_number"]}),
        ("Channels", {"fields": ["channel_heading"]}),
        ("For machines", {"fields": ["security_contact", "ads_txt"]}),
    ]


@admin.register(Channel)
class ChannelAdmin(SitewideAdmin, OrderedAdmin):
    list_display = ["name", "position", "shown", "invitation"]
    list_editable = ["position"]

    @admin.display(boolean=True, description="on the site")
    def shown(self, channel: Channel) -> bool:
        return bool(channel.address)
