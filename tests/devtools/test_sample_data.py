"""`manage.py load_sample_data`: what it refuses, and that it can be repeated."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from articles.models import Article, Edition
from comments.models import Comment
from newsroom.models import User


def test_it_is_refused_among_real_people(reader: User) -> None:
    with pytest.raises(CommandError, match="may be real"):
        call_command("load_sample_data", articles=1, comments=0, readers=1)
    assert not Article.objects.exists()


def test_it_is_refused_a_second_time(db: None) -> None:
    call_command("load_sample_data", articles=1, comments=0, readers=1, verbosity=0)
    with pytest.raises(CommandError, match="already"):
        call_command("load_sample_data", articles=1, comments=0, readers=1, among_real_content=True)


def test_the_same_plan_makes_the_same_data_and_another_seed_other_data(db: None) -> None:
    made = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            call_command("load_sample_data", articles=20, comments=30, readers=5, seed=seed, verbosity=0)
            first = Article.objects.order_by("pk").first()
            assert first is not None
            texts = Edition.objects.order_by("pk").values_list("headline", "body", "first_published_at")
            said = Comment.objects.order_by("pk").values_list("body", "status", "created_at")
            made.append((list(texts), list(said)))
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert made[0][0] != made[2][0]
