"""A prepared query returns what its queryset returns, and is compiled and planned once."""

import pytest
from django.db import connection
from django.db.models import CharField, DateTimeField, SlugField, Value
from django.utils import timezone

from articles.models import Article, Edition, Section
from newsroom.db.prepared_queries import Param, PreparedQuery


def test_it_gives_what_the_queryset_gives(edition: Edition) -> None:
    at_address = PreparedQuery(lambda: Edition.objects.with_details().filter(slug=Param("slug", SlugField())))
    for _ in range(2):
        (found,) = at_address.rows(slug=edition.slug)
        assert found == edition
        assert (found.section.name, [author.name for author in found.byline]) == ("Kashmir", ["Nuzhat Kralwari"])
        assert found.get_deferred_fields() == {"search"}
        assert at_address.rows(slug="another") == []


def test_it_gives_dictionaries_and_keeps_values_that_look_like_more(edition: Edition) -> None:
    prepared = PreparedQuery(
        lambda: Article.objects.filter(slug=Param("slug", SlugField())).values(odd=Value("100 %s '; --", CharField()))
    )
    assert prepared.rows(slug=edition.slug) == [{"odd": "100 %s '; --"}]
    assert prepared.rows(slug="' OR true --") == []


def test_no_value_is_cut_off(db: None) -> None:
    long = "x" * 90
    slug = Param("slug", SlugField())
    Section.objects.create(name="K", slug="k")
    assert PreparedQuery(lambda: Section.objects.values(long=slug)).rows(slug=long) == [{"long": long}]


def test_a_moment_that_would_stand_still_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="has to be a Param"):
        PreparedQuery(lambda: Article.objects.filter(created_at__lt=timezone.now())).rows()


def test_postgres_plans_it_once(edition: Edition) -> None:
    earlier = PreparedQuery(lambda: Edition.objects.filter(first_published_at__lt=Param("now", DateTimeField())))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        (before,) = cursor.fetchone()
        for _ in range(12):
            assert earlier.rows(now=timezone.now()) == [edition]
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (before + 1,)
