import django.db.models.deletion
from django.db import migrations, models

from newsroom.db.renamed_models import rename_content_types

NAMES = {"deed": "staffaction", "letter": "supportemail", "difference": "discrepancy"}


class Migration(migrations.Migration):
    """The tables keep their names: code of either version reads them."""

    dependencies = [
        ("subscriptions", "0008_sums_for_the_desk"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Deed", "StaffAction"),
                migrations.AlterModelTable("StaffAction", "subscriptions_deed"),
                migrations.RenameModel("Letter", "SupportEmail"),
                migrations.AlterModelTable("SupportEmail", "subscriptions_letter"),
                migrations.RenameModel("Difference", "Discrepancy"),
                migrations.AlterModelTable("Discrepancy", "subscriptions_difference"),
                migrations.AlterField(
                    "StaffAction",
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_actions",
                        to="subscriptions.ledgerentry",
                    ),
                ),
                migrations.AlterField(
                    "StaffAction",
                    "subscription",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_actions",
                        to="subscriptions.subscription",
                    ),
                ),
                migrations.AlterField(
                    "SupportEmail",
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emails",
                        to="subscriptions.ledgerentry",
                    ),
                ),
                migrations.AlterField(
                    "SupportEmail",
                    "subscription",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emails",
                        to="subscriptions.subscription",
                    ),
                ),
            ]
        ),
        migrations.RunPython(
            rename_content_types("subscriptions", NAMES),
            rename_content_types("subscriptions", {new: old for old, new in NAMES.items()}),
        ),
    ]
