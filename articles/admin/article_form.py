"""The article's form: its text and fields, and those of the next step."""

from typing import Any, cast

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.widgets import AdminSplitDateTime
from django.contrib.contenttypes.models import ContentType
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from articles.admin.autosave import new_key
from articles.models import Article, Edition

# The names of the buttons below the form: each saves, then takes its step.
STEPS = ("_publish", "_schedule", "_submit", "_send_back", "_withdraw", "_preview")
EDITOR_STEPS = ("_publish", "_schedule", "_send_back", "_withdraw")


class SeenField(forms.CharField):
    """A hidden field with the state at which the form was opened."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ArticleForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label="The new edition is",
        required=False,
        initial=Edition.Kind.UPDATE,
        choices=[(Edition.Kind.UPDATE, "an update"), (Edition.Kind.CORRECTION, "a correction: we were wrong")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Note to readers",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What changed. A correction says what was wrong and what is right; a withdrawal says why.",
    )
    publish_on = forms.SplitDateTimeField(
        label="Publish on",
        required=False,
        widget=AdminSplitDateTime,
        help_text="For Schedule, in the outlet's own time.",
    )
    remark = forms.CharField(
        label="Note to colleagues",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Sent with Submit for review and Send back; readers never see it.",
    )
    status_seen = SeenField()
    saved_seen = SeenField()
    autosave_key = SeenField()

    class Meta:
        model = Article
        exclude: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "status_seen" in self.fields:
            self.fields["status_seen"].initial = self.instance.status
            self.fields["autosave_key"].initial = new_key()
            if "publish_on" in self.fields:
                self.fields["publish_on"].initial = self.instance.publish_at
            self.fields["saved_seen"].initial = self.instance.updated_at and self.instance.updated_at.isoformat()

    @cached_property
    def changed_data(self) -> list[str]:
        """Return the changed fields of the article, for the admin's log; not those of the next step."""
        return [name for name in super().changed_data if name in self._meta.model._meta._forward_fields_map]

    @property
    def step(self) -> str | None:
        """The pressed button, if it does more than save."""
        return next((step for step in STEPS if step in self.data), None)

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if Edition.objects.filter(slug=slug).exclude(article=self.instance.pk).exists():
            raise forms.ValidationError("Another article was published under this slug. Please choose another.")
        return slug

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if left_at := self.data.get("_unsaved"):
            self.add_error(None, f"This is what you had typed on {left_at}. It is not saved yet: Save keeps it.")
        self._check_nobody_else_saved()
        moment = data.get("publish_on")
        if self.step == "_schedule" and "publish_on" not in self.errors:
            if moment is None:
                self.add_error("publish_on", "Please say on which day and at what time.")
            elif moment <= timezone.now():
                self.add_error("publish_on", "This moment has passed. To publish now, use Publish.")
        if self.step == "_send_back" and not data.get("remark"):
            self.add_error("remark", "Please say what is to be done before it can be published.")
        corrects = self.step in ("_publish", "_schedule") and data.get("kind") == Edition.Kind.CORRECTION
        if corrects and not data.get("note"):
            self.add_error("note", "A correction says in public what was wrong and what is right.")
        if self.step == "_withdraw" and not data.get("note"):
            self.add_error("note", "Please say why. Readers who come to this address will read it.")
        return data

    def _check_nobody_else_saved(self) -> None:
        """Refuse the first save over somebody else's, and show all that was typed; a second save overwrites theirs.

        The row is locked until the end of the request, so that of two who save at once, one learns of the other.
        """
        seen = self.cleaned_data.get("saved_seen")
        if not self.instance.pk or not seen:
            return
        current = Article.objects.select_for_update().values_list("updated_at", flat=True).get(pk=self.instance.pk)
        if current.isoformat() == seen:
            return
        entry = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Article), object_id=str(self.instance.pk)
        ).first()  # the latest
        who = f"{entry.user} ({entry.get_change_message()})" if entry else "Somebody"
        self.add_error(
            None,
            f"{who} saved this article at {timezone.localtime(current):%H:%M}, while you were writing. Nothing you "
            "typed is lost: it stands below, unsaved. Save again to put yours in place of theirs, or first open the "
            "article in another tab to see theirs.",
        )
        fresh = cast(QueryDict, self.data).copy()
        fresh["saved_seen"] = current.isoformat()
        self.data = fresh
