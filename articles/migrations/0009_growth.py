from django.db import migrations, models

# Told to use the index for words, and nothing else: by its own reckoning, which is wrong for phrases and beginnings of
# words, Postgres would at times read every report there is. Few rows are promised, as looking up more of them than that is
# still cheap, and reading all is not.
INDEXED = """
CREATE FUNCTION search_indexed(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 100
SET enable_seqscan = off SET enable_indexscan = off
AS 'SELECT id FROM articles_edition WHERE live AND search @@ wanted'
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_reads_and_more_stories")]

    operations = [
        migrations.RunSQL(INDEXED, "DROP FUNCTION search_indexed(tsquery)"),
        migrations.AddIndex(
            model_name="article", index=models.Index(fields=["-updated_at", "-id"], name="article_newest")
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["status", "-updated_at", "-id"], name="article_newest_of_status"),
        ),
        migrations.AddIndex(
            model_name="edition", index=models.Index(fields=["-published_at", "-id"], name="edition_record")
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                models.F("published_at").desc(),
                models.F("id").desc(),
                condition=models.Q(kind="correction"),
                name="edition_corrections",
            ),
        ),
    ]
