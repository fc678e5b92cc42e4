import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds what tells this site's objects at Stripe from others', and the amounts of each change."""

    dependencies = [
        ('subscriptions', '0011_as_stripe_says'),
    ]

    operations = [
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('site_url', models.CharField(blank=True, help_text='Where it is, once that is known. Elsewhere this database is a copy.', max_length=200)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='subscriptionchange',
            name='subscription_history',
        ),
        migrations.AddField(
            model_name='subscriptionchange',
            name='collection_paused',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='subscriptionchange',
            name='monthly_amount',
            field=models.PositiveIntegerField(help_text="From then on; empty in rows from before amounts could change: the subscription's own.", null=True),
        ),
        migrations.AddIndex(
            model_name='subscriptionchange',
            index=models.Index(fields=['subscription', 'at', 'id'], include=('to_status', 'monthly_amount', 'collection_paused'), name='subscription_changes'),
        ),
        migrations.AddConstraint(
            model_name='installation',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_installation'),
        ),
        # In its own transaction, before any payment page: an id that a rollback took back would be another one each time.
        migrations.RunSQL(
            "INSERT INTO subscriptions_installation (id, public_id, site_url) VALUES (1, gen_random_uuid(), '')",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "UPDATE subscriptions_subscriptionchange AS change SET monthly_amount = subscription.monthly_amount"
            " FROM subscriptions_subscription AS subscription WHERE subscription.id = change.subscription_id",
            migrations.RunSQL.noop,
            elidable=True,
        ),
    ]
