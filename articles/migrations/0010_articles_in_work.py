from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models
from django.db.models import F, Func


def vector(config):
    """The same as articles/folding.py."""

    def part(column, weight):
        return SearchVector(Func(F(column), function="search_fold"), config=config, weight=weight)

    return part("headline", "A") + part("standfirst", "B") + part("slug", "D")


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_growth")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=GinIndex(
                vector("english") + vector("simple"), condition=~models.Q(status="published"), name="article_in_work"
            ),
        ),
    ]
