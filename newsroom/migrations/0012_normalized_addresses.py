from django.db import migrations

from newsroom.email_addresses import normalize_email


def normalize(apps, schema_editor):
    """Bring the few addresses with letters beyond ASCII into the form in which they are looked up."""
    for model in (apps.get_model("newsroom", "User"), apps.get_model("account", "EmailAddress")):
        for row in model.objects.filter(email__regex=r"[^ -~]"):
            email = normalize_email(row.email)
            same = model.objects.filter(email=email)
            if not (same if model._meta.model_name == "user" else same.filter(user=row.user_id)).exists():
                model.objects.filter(pk=row.pk).update(email=email)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0011_legal_name"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(normalize, migrations.RunPython.noop)]
