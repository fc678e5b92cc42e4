"""A reader reports a comment."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from articles.models import Edition
from comments import reporting
from comments.models import Comment
from comments.posting import identity
from comments.posting.forms import ReportForm
from newsroom.http.cache_headers import private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`/comments/<public-id>/report/`: the form, and what came of it."""
    comment = get_object_or_404(Comment.objects.approved(), public_id=public_id)
    get_object_or_404(Edition.objects.live().only("pk"), article=comment.article_id)  # withdrawn with its article
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            reporting.report(
                comment,
                reason=form.cleaned_data["reason"],
                note=form.cleaned_data["note"],
                writer=identity.known_writer(request),
                network=identity.network_hashes(request)[0],
            )
        except reporting.TooMany:
            form.add_error(None, "Many comments were reported from your network just now. Please try again later.")
            return render(request, "comments/report.html", {"comment": comment, "form": form}, status=429)
        return render(request, "comments/reported.html", {"comment": comment})
    status = 422 if form.errors else 200
    return render(request, "comments/report.html", {"comment": comment, "form": form}, status=status)
