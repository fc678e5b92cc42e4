from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('subscriptions', '0006_card_testing'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='donation',
            index=models.Index(fields=['-paid_at', '-id'], name='gift_newest'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['-occurred_at', '-id'], name='ledger_newest'),
        ),
        migrations.AddIndex(
            model_name='stripeevent',
            index=models.Index(fields=['-received_at', '-id'], name='event_newest'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(fields=['-started_at', '-id'], name='subscription_newest'),
        ),
    ]
