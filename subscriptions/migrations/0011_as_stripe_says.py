import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds columns, each with a default in the database: code of the version before can still add rows."""

    dependencies = [
        ('subscriptions', '0010_refused_emails'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_id', models.CharField(max_length=255, unique=True)),
                ('amount', models.PositiveIntegerField(help_text="Minor units of the payment's currency.")),
                ('currency', models.CharField(max_length=3)),
                ('status', models.CharField(max_length=30)),
                ('reason', models.CharField(blank=True, help_text="Stripe's word for what the reader told the bank.", max_length=50)),
                ('due_at', models.DateTimeField(blank=True, help_text='Until when the bank takes evidence.', null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='ledgerentry',
            name='in_the_ledger_once',
        ),
        migrations.AddField(
            model_name='checkout',
            name='interval',
            field=models.CharField(choices=[('day', 'Day'), ('week', 'Week'), ('month', 'Month'), ('year', 'Year')], db_default='month', default='month', help_text='Of a subscription.', max_length=5),
        ),
        migrations.AddField(
            model_name='donation',
            name='method',
            field=models.CharField(choices=[('stripe', 'at Stripe'), ('cash', 'Cash'), ('bank', 'bank transfer'), ('upi', 'UPI'), ('other', 'another way')], db_default='stripe', default='stripe', max_length=6),
        ),
        migrations.AddField(
            model_name='donation',
            name='note',
            field=models.CharField(blank=True, db_default='', help_text='Only the newsroom reads it.', max_length=300),
        ),
        migrations.AddField(
            model_name='donation',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ledgerentry',
            name='sequence',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='Of several withdrawals or reinstatements of one dispute.'),
        ),
        migrations.AddField(
            model_name='offer',
            name='choose_amount',
            field=models.BooleanField(db_default=False, default=False, help_text='A higher amount of their own, each month or year.', verbose_name='readers may pay more'),
        ),
        migrations.AddField(
            model_name='offer',
            name='yearly_amount',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: readers pay by the month alone.', null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='begun_here',
            field=models.BooleanField(db_default=False, default=False, help_text='By a checkout of ours: only such a one is ended as a duplicate.'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='cancel_comment',
            field=models.CharField(blank=True, db_default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='subscription',
            name='cancel_reason',
            field=models.CharField(blank=True, db_default='', help_text="Chosen on Stripe's page.", max_length=20),
        ),
        migrations.AddField(
            model_name='subscription',
            name='card_expires',
            field=models.DateField(blank=True, help_text='The last day of the card that is charged.', null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='collection_paused',
            field=models.BooleanField(db_default=False, default=False, help_text='By the publisher, at Stripe.'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='collection_resumes_at',
            field=models.DateTimeField(blank=True, help_text='Empty: until the publisher says so.', null=True),
        ),
        migrations.AddField(
            model_name='subscription',
            name='interval',
            field=models.CharField(choices=[('day', 'Day'), ('week', 'Week'), ('month', 'Month'), ('year', 'Year')], db_default='month', default='month', max_length=5),
        ),
        migrations.AddField(
            model_name='subscription',
            name='interval_count',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, help_text='3 months: 3.'),
        ),
        migrations.AddField(
            model_name='subscription',
            name='monthly_amount',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text="What it brings in a month, in minor units: a twelfth of a year's amount."),
        ),
        migrations.AddField(
            model_name='subscription',
            name='not_understood',
            field=models.CharField(blank=True, db_default='', help_text='What of its price is not copied, as this site has no such.', max_length=200),
        ),
        migrations.AddField(
            model_name='subscription',
            name='pay_url',
            field=models.CharField(blank=True, db_default='', help_text="Stripe's page on which the unpaid invoice is paid.", max_length=2000),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='kind',
            field=models.CharField(choices=[('payment', 'Payment'), ('refund', 'Refund'), ('unrefunded', 'refund that came back'), ('dispute', 'disputed'), ('won', 'dispute won'), ('correction', 'Correction')], max_length=10),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='amount',
            field=models.PositiveIntegerField(help_text='Minor units at each payment, all items together, after discounts.'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('stripe_id', 'kind', 'sequence'), name='in_the_ledger_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('yearly_amount', None), ('yearly_amount__gte', 50), _connector='OR'), name='offer_yearly'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='payment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='subscriptions.ledgerentry'),
        ),
        # Until Stripe has said more, a subscription is what all were before: an amount each month.
        migrations.RunSQL(
            "UPDATE subscriptions_subscription SET monthly_amount = amount", migrations.RunSQL.noop, elidable=True
        ),
    ]
