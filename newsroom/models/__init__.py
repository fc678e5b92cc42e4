"""People, and what the outlet says about itself."""

from newsroom.models.advertisement import Advertisement, AdvertisementClicks, stored_picture
from newsroom.models.email import Delivery, Email
from newsroom.models.erasure import Erasure
from newsroom.models.outlet import Channel, Outlet
from newsroom.models.session import Session
from newsroom.models.staff_event import StaffEvent
from newsroom.models.user import NAME_WORDS, User

__all__ = [
    "NAME_WORDS",
    "Advertisement",
    "AdvertisementClicks",
    "Channel",
    "Delivery",
    "Email",
    "Erasure",
    "Outlet",
    "Session",
    "StaffEvent",
    "User",
    "stored_picture",
]
