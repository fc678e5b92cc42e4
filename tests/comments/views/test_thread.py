"""The pages of a thread."""

from django.test import Client

from articles.models import Edition
from articles.publishing import workflow
from newsroom.models import User
from tests.comments.conftest import Write, known_client, token


def test_the_thread_of_a_former_address(write: Write, edition: Edition, editor: User) -> None:
    """A link redirects, a reply goes to the report's present URL, and after a withdrawal nothing typed is lost."""
    root = write(status="approved")
    former = f"/articles/{edition.slug}/comments/"
    article = edition.article
    article.slug = "moved-on"
    article.save()
    workflow.publish(article, by=None)
    response = Client().get(f"{former}?order=newest")
    assert (response.status_code, response["Location"]) == (301, "/articles/moved-on/comments/?order=newest")
    response = Client().get(f"{former}{root.public_id}/")
    assert (response.status_code, response["Location"]) == (301, f"/articles/moved-on/comments/{root.public_id}/")
    device = known_client("zoya@example.org", "Zoya")
    sent = {"body": "From an open page.", **token(device)}
    assert device.post(former, sent)["Location"] == "/articles/moved-on/#comment-received"
    workflow.withdraw(article, by=editor, expected="published", reason="Wrong.")
    assert Client().get(former).status_code == 410
    response = device.post(former, {**sent, "body": "Typed for long."})
    assert response.status_code == 410
    assert "Typed for long." in response.content.decode()
    assert "has been withdrawn" in response.content.decode()
    assert Client().post("/articles/never/comments/", sent).status_code == 404
    assert Client().get("/articles/never/comments/").status_code == 404
