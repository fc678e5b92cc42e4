"""People with an account, and their erasure."""

import re
from typing import Any, cast

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import EmailField as EmailColumn
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from newsroom.accounts.second_factors import reset_second_factor
from newsroom.admin.base import MAX_SEARCH_RESULTS, LargeTableAdmin, ReadOnlyAdmin
from newsroom.db.name_search import prefix_query
from newsroom.forms import EmailField
from newsroom.models import NAME_WORDS, Erasure, StaffEvent, User
from newsroom.privacy import erasure

# Nobody needs a list or a form of the secrets in this table.
admin.site.unregister([Authenticator])


class PersonCreationForm(forms.ModelForm):
    """The form for a new colleague. They sign in with a code by mail, so nobody else ever knows their password."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean(self) -> None:
        self.instance.set_unusable_password()


ROLES = {"is_active", "is_staff", "is_superuser", "groups"}  # the fields that change what somebody may do

ERASURE_ORDERED = (
    "It is done within minutes: what is charged ends at Stripe first. If that takes longer, Erasures says why. "
    "Their published comments stay, without their name, unless they chose otherwise."
)


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "asked_at", "due_at", "comments", "problem"]
    list_select_related = ["person"]


@admin.register(StaffEvent)
class StaffEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "person", "kind", "words", "device"]
    list_filter = ["kind", "at"]
    list_select_related = ["person"]
    search_fields = ["person__email", "person__name"]


@admin.register(User)
class PersonAdmin(LargeTableAdmin, UserAdmin):
    add_form = PersonCreationForm
    formfield_overrides = {EmailColumn: {"form_class": EmailField}}
    list_display = ["email", "name", "is_staff", "is_active", "date_joined"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "name"]
    search_help_text = "The beginning of an address, or of each word of a name."
    ordering = ["email"]
    filter_horizontal = ["groups"]
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "name"]}),
        ("May do", {"fields": ["is_active", "is_staff", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    actions = ["reset_second_factor"]
    add_fieldsets = [(None, {"fields": ["email", "name"]})]

    def get_urls(self) -> list[URLPattern]:
        """Leave out UserAdmin's page on which one person chooses the password of another."""
        return super(UserAdmin, self).get_urls()

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Make the address read-only: it can sign in, so only its owner changes it, after reauthentication."""
        return [*self.readonly_fields, *(["email"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:  # the code by which they first sign in confirms it
            EmailAddress.objects.create(user=obj, email=obj.email, primary=True)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if ROLES & set(form.changed_data):
            person: User = form.instance
            roles = ", ".join(person.groups.values_list("name", flat=True)) or "no role"
            words = f"by {request.user}: {roles}{'' if person.is_staff else ', may not enter the desk'}"
            StaffEvent.objects.create(person=person, kind=StaffEvent.Kind.ROLES, words=words[:200])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Search by what indexes hold: for any part of an address or a name, the whole table would be scanned."""
        typed = search_term.strip().lower()
        if not typed:
            return queryset, False
        words = re.findall(r"\w+", typed)
        found = (
            User.objects.filter(email__startswith=typed).order_by("email"),
            User.objects.alias(words=NAME_WORDS).filter(words=prefix_query(words)) if words else User.objects.none(),
        )
        ids = {pk for people in found for pk in people.values_list("pk", flat=True)[:MAX_SEARCH_RESULTS]}
        return queryset.filter(pk__in=ids), False

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Return the people and the objections, not Django's list of rows: the worker erases, in its own order."""
        objections = [f"{person}: {words}" for person in objs for words in erasure.objections(person)]
        return [str(person) for person in objs], {"people": len(objs)}, set(), objections

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erasure.order_erasure(obj)
        messages.warning(request, ERASURE_ORDERED)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            erasure.order_erasure(person)
        messages.warning(request, ERASURE_ORDERED)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False for a superuser unless the request is a superuser's: a publisher may not change them."""
        if isinstance(obj, User) and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    @admin.action(description="Take away the second step (a lost phone)", permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, people: QuerySet[User]) -> None:
        for person in people:
            if self.has_change_permission(request, person):
                reset_second_factor(person, by=cast(User, request.user))
                self.message_user(request, f"{person} has no second step now, is signed out, and was written to.")
            else:
                self.message_user(request, f"You may not change {person}.", messages.ERROR)
