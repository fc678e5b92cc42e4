"""Readers report a comment."""

from django.test import Client

from articles.models import Edition
from articles.publishing import workflow
from comments.models import Report
from newsroom.models import User
from tests.comments.conftest import Write, token


def test_a_reader_reports_with_a_reason(write: Write) -> None:
    comment = write(status="approved")
    client = Client(enforce_csrf_checks=True)
    address = f"/comments/{comment.public_id}/report/"
    assert client.post(address, {"reason": "abuse"}).status_code == 403
    assert client.post(address, token(client)).status_code == 422
    assert client.post(address, {"reason": "abuse", "note": "x" * 401, **token(client)}).status_code == 422
    for _ in range(2):
        response = client.post(address, {"reason": "abuse", "note": "He means me.", **token(client)})
        assert "A moderator will look at it." in response.content.decode()
    report = Report.objects.get()
    assert (report.reason, report.note, len(report.network), report.commenter) == ("abuse", "He means me.", 64, None)
    comment.refresh_from_db()
    assert comment.reports == 1
    hidden = write("Hidden.")
    assert client.get(f"/comments/{hidden.public_id}/report/").status_code == 404


def test_a_network_reports_so_many_an_hour(write: Write) -> None:
    client = Client()
    codes = []
    for number in range(11):
        comment = write(f"Number {number}.", status="approved")
        codes.append(client.post(f"/comments/{comment.public_id}/report/", {"reason": "abuse"}).status_code)
    assert codes == [200] * 10 + [429]


def test_a_comment_cannot_be_reported_once_its_article_is_withdrawn(
    write: Write, edition: Edition, editor: User
) -> None:
    comment = write(status="approved")
    address = f"/comments/{comment.public_id}/report/"
    assert Client().get(address).status_code == 200
    workflow.withdraw(edition.article, by=editor, expected="published", reason="Wrong.")
    assert Client().get(address).status_code == 404
