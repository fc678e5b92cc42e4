import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0003_a_conversation'),
    ]

    operations = [
        migrations.AddField(
            model_name='commenter',
            name='domains',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, editable=False, help_text="Of a guest's address, hashed: comments.models.domain_hashes.", size=None),
        ),
    ]
