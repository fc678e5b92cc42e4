from django.db import migrations


def make(apps, schema_editor):
    apps.get_model("newsroom", "Outlet").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
