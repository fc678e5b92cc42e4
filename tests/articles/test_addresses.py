"""Nothing that pages link to is without an address: one such row would break the front page, feeds and search."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from articles.models import Article, Author, Edition, Page, Section, Topic
from articles.publishing import workflow

BAD = ["", "a b", "../x", "قلم", "a\n", "a/b", "\x01"]


@pytest.mark.parametrize("slug", BAD)
@pytest.mark.parametrize("model", [Author, Edition, Page, Section, Topic])
def test_no_row_on_the_site_is_without_an_address(model: type[models.Model], slug: str, edition: Edition) -> None:
    Topic.objects.create(name="Roads", slug="roads")
    Page.objects.get_or_create(slug="about", defaults={"title": "About"})
    with pytest.raises(IntegrityError, match="has_address"), transaction.atomic():
        model._default_manager.filter(pk=model._default_manager.values("pk")[:1]).update(slug=slug)
    if model is Edition:  # one that was withdrawn may have any
        Edition.objects.update(live=False)
        Edition.objects.update(slug=slug)


def test_an_article_without_an_address_is_not_published(edition: Edition) -> None:
    Article.objects.update(slug="")
    with pytest.raises(ValidationError, match="The article needs an address"):
        workflow.publish(edition.article, by=None)
