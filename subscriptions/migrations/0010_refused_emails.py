from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds two columns, both with a default in the database: code of the version before can still add rows."""

    dependencies = [("subscriptions", "0009_plain_names")]

    operations = [
        migrations.AlterModelOptions(
            name="discrepancy",
            options={"ordering": ["mended_at", "-found_at"], "verbose_name_plural": "discrepancies"},
        ),
        migrations.AddField(
            model_name="supportemail",
            name="refusal",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=100),
        ),
        migrations.AddField(
            model_name="supportemail",
            name="refused_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="supportemail",
            name="sending_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="supportemail",
            name="sent_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="supportemail",
            index=models.Index(
                fields=["written_at"], condition=models.Q(("sent_at", None)), name="letter_not_sent"
            ),
        ),
    ]
