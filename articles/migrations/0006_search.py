from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models import Case, F, Func, When

# The same as articles/folding.py. Normalising takes letters and accents apart; the characters taken out are accents,
# Arabic vowel signs, tatweel, joiners and marks of direction; then one form for each letter and digit, spaces for hyphens.
FOLD = r"""
CREATE FUNCTION search_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
left(translate(
    regexp_replace(
        normalize(words, NFKD),
        '[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]',
        '', 'g'
    ),
    'يىؠېۍكڪهھةۃەٱٲٳۆۄۇں٠۰١۱٢۲٣۳٤۴٥۵٦۶٧۷٨۸٩۹-/_‐‑‒–—',
    'یییییککہہہہہاااووون00112233445566778899        '
), 250000)
"""


def vector(config):
    def part(column, weight):
        return SearchVector(Func(F(column), function="search_fold"), config=config, weight=weight)

    return part("headline", "A") + part("search_headline", "A") + part("standfirst", "B") + part("text", "D")


class Migration(migrations.Migration):
    dependencies = [("articles", '0005_the_photo_library')]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION search_fold(text)"),
        migrations.AddField(
            model_name="edition",
            name="search",
            field=models.GeneratedField(
                expression=Case(When(live=True, then=vector("english") + vector("simple"))),
                output_field=SearchVectorField(null=True),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=GinIndex(fields=["search"], condition=models.Q(live=True), name="edition_search"),
        ),
    ]
