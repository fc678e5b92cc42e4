"""The admin of the photo library: the wall of pictures, uploads, descriptions, and the picker's dialog."""

from typing import Any, NamedTuple, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from articles.models import Gallery, Photo
from articles.photos import processing
from articles.photos.upload import digest_of, upload
from newsroom.models import User

PICKER_PAGE = 24  # photos that the picker shows at a time


class DescriptionForm(forms.ModelForm):
    """The alt text, caption and credit of one of several photos on a page."""

    class Meta:
        model = Photo
        fields = ["alt", "caption", "credit"]

    def __init__(self, data: Any, photo: Photo) -> None:
        super().__init__(data, instance=photo, prefix=f"photo-{photo.pk}")


class PhotoForm(forms.ModelForm):
    def clean_image(self) -> Any:
        """Store a clean copy of the picture, never the uploaded file."""
        image = self.cleaned_data["image"]
        if "image" not in self.changed_data:
            return image
        picture = processing.clean_photo(image)
        self.instance.digest = digest_of(picture)
        if Photo.objects.filter(digest=self.instance.digest).exclude(pk=self.instance.pk).exists():
            raise ValidationError("This picture is in the library already, as another photo.")
        return picture


class UploadField(forms.FileField):
    """A file field, not Django's image field: `clean_photo` opens the file once, safely, and says what is wrong."""


class Result(NamedTuple):
    """The result of one upload: a photo, with its form for those who may fill it in; or errors."""

    name: str = ""
    photo: Photo | None = None
    form: DescriptionForm | None = None
    new: bool = True
    errors: list[str] | None = None


class MissingWordsFilter(admin.SimpleListFilter):
    title = "words"
    parameter_name = "words"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("wanting", "without alt text or credit")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset & Photo.objects.wanting_words() if self.value() == "wanting" else queryset


@admin.register(Photo)
class PhotoAdmin(admin.ModelAdmin):
    form = PhotoForm
    fields = ["alt", "caption", "credit", ("focus_x", "focus_y"), "image"]
    search_fields = ["alt", "caption", "credit"]
    list_filter = [MissingWordsFilter]
    list_per_page = 60
    list_select_related = ["uploaded_by"]
    show_full_result_count = False
    actions: Any = None

    class Media:
        css = {"all": ["css/photos.css"]}
        js = [Script(f"js/{name}.js", type="module") for name in ("photo-upload", "photo-descriptions", "focal-point")]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("upload/", view(require_POST(self.upload_view)), name="articles_photo_upload"),
            path("describe/", view(self.describe_view), name="articles_photo_describe"),
            path("pick/", view(require_safe(self.pick_view)), name="articles_photo_pick"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        """Let people change their own uploads: the words come after the file."""
        if obj is not None and obj.uploaded_by_id == request.user.pk and self.has_add_permission(request):
            return True
        return super().has_change_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Protect photos in galleries from deletion, as foreign keys protect those in figures."""
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        holding = Gallery.objects.filter(photo_ids__overlap=[photo.pk for photo in objs]).select_related("parent")
        return deleted, counts, needed, [*protected, *(f"Gallery of “{gallery.parent}”" for gallery in holding)]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "image":
            accepted = forms.ClearableFileInput(attrs={"accept": processing.ACCEPTED})
            return UploadField(
                label="The file",
                widget=accepted,
                help_text="Another file takes the place of this one in what is published from now on.",
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Redirect to the list, where photos are added."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:articles_photo_changelist")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"uploads": processing, "title": "Photos", **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Photo, form: forms.ModelForm, change: bool) -> None:
        """Save the changed fields alone: the worker may be setting `has_avif` at this moment."""
        if "image" in form.changed_data:
            obj.save()
        else:
            obj.save(update_fields=form.changed_data)

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """`upload/`: take one file or several. The script sends them one by one, and asks for a fragment."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        results = [self._result(request, file) for file in request.FILES.getlist("photos")]
        if "fragment" in request.POST:
            return render(request, "admin/articles/photo/upload_results.html", {"results": results})
        for result in results:
            for error in result.errors or []:
                messages.error(request, f"“{result.name}”: {error}")
        if not results:
            messages.error(request, "Please choose at least one photo.")
        found = [result.photo for result in results if result.photo]
        if not found:
            return redirect("admin:articles_photo_changelist")
        chosen = urlencode({"photo": [photo.pk for photo in found]}, doseq=True)
        return redirect(f"{reverse('admin:articles_photo_describe')}?{chosen}")

    def _result(self, request: HttpRequest, file: Any) -> Result:
        try:
            photo, new = upload(file, by=cast(User, request.user))
        except ValidationError as error:
            return Result(name=file.name, errors=error.messages)
        if new:
            self.log_addition(request, photo, [{"added": {}}])
        return self._describable(request, photo)._replace(name=file.name, new=new)

    def _describable(self, request: HttpRequest, photo: Photo) -> Result:
        """Return the photo, with its form if this person may change it."""
        data = request.POST if f"photo-{photo.pk}-alt" in request.POST else None
        mine = self.has_change_permission(request, photo)
        return Result(photo=photo, form=DescriptionForm(data, photo) if mine else None)

    def describe_view(self, request: HttpRequest) -> HttpResponse:
        """`describe/?photo=…`: edit alt text, caption and credit of several photos."""
        asked = request.POST if request.method == "POST" else request.GET
        chosen = [int(pk) for pk in asked.getlist("photo") if pk.isdecimal() and len(pk) < 10]
        results = [self._describable(request, photo) for photo in Photo.objects.filter(pk__in=chosen)]
        if not self.has_view_permission(request):
            raise PermissionDenied
        refused = False
        if request.method == "POST":
            refused = not self._describe(request, results)
            if not refused and "fragment" not in request.POST:
                messages.success(request, "The words are saved.")
                return redirect("admin:articles_photo_changelist")
        template = "upload_results" if "fragment" in request.POST else "descriptions"
        context = {**self.admin_site.each_context(request), "results": results, "title": "Describe the photos"}
        context |= {"opts": self.opts, "media": self.media}
        return render(request, f"admin/articles/photo/{template}.html", context, status=422 if refused else 200)

    def _describe(self, request: HttpRequest, results: list[Result]) -> bool:
        """Save the forms if all are valid. The credit for all is used where a photo has none."""
        forms = [result.form for result in results if result.form and result.form.is_bound]
        if not all(form.is_valid() for form in forms):
            return False
        shared_credit = request.POST.get("credit", "").replace("\0", "").strip()[:100]
        for form in forms:
            form.instance.credit = form.instance.credit or shared_credit
            if form.has_changed() or shared_credit:
                form.instance.save(update_fields=form.fields)
                self.log_change(request, form.instance, [{"changed": {"fields": form.changed_data}}])
        return True

    def pick_view(self, request: HttpRequest) -> HttpResponse:
        """`pick/?q=…&from=…`: show one page of photos to choose from, and the upload form."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("q", "").replace("\0", "")[:200]
        asked = request.GET.get("from", "")[:9]
        start = int(asked) if asked.isdecimal() else 0
        start = min(start, 100_000)
        found, _ = self.get_search_results(request, Photo.objects.all(), words)
        shown = list(found[start : start + PICKER_PAGE + 1])
        context = {
            "photos": shown[:PICKER_PAGE],
            "words": words,
            "next": start + PICKER_PAGE if len(shown) > PICKER_PAGE else None,
            "has_add_permission": self.has_add_permission(request),
            "uploads": processing,
        }
        return TemplateResponse(request, "admin/articles/photo/picker_dialog.html", context)
