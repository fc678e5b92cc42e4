"""The Content-Security-Policy of pages with a text editor."""

from typing import Any, cast

from csp.decorators import csp_update
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator

# The style sheets that the two editors write into the page, by their hashes: the policy has no unsafe-inline. When a
# new version of an editor changes its own, the browser's console names the new hash, and the browser tests fail.
EDITOR_STYLES = [
    "'sha256-iQkg4CW9pkVM9zuO+Zu+xOrTcRsfEQ3Ic342wxe/yik='",  # content_editor/index.js
    "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='",  # django_prose_editor/editor.js
]


class TextEditorMixin(ModelAdmin):
    """Allows the editor's style sheets and script in the policy of the form."""

    @method_decorator(csp_update({"style-src": EDITOR_STYLES}))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = cast(TemplateResponse, super().render_change_form(request, *args, **kwargs))
        # The editor's import map is an inline script: the policy lets it run by its nonce.
        whole = response.context_data or {}
        whole["media"] = whole["media"].with_nonce(str(request.csp_nonce))  # type: ignore[attr-defined]
        return response
