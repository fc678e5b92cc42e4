from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0004_domains_of_guests'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['-created_at', '-id'], name='comment_newest'),
        ),
        migrations.RemoveIndex(model_name='comment', name='comment_writer'),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(
                fields=['commenter', 'created_at'], include=['id', 'status', 'confirmed_at'], name='comment_writer'
            ),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(
                condition=models.Q(('leased_until__isnull', False)), fields=['leased_until'], name='comment_leased'
            ),
        ),
    ]
