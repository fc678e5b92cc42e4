from django.db import migrations


def make(apps, schema_editor):
    apps.get_model("subscriptions", "Offer").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
