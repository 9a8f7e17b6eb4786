import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('markets', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='marketrate',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='marketrate',
            name='market',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='markets.market'),
        ),
        migrations.AddField(
            model_name='taxrate',
            name='added_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='taxrate',
            name='market',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='markets.market'),
        ),
        migrations.AddField(
            model_name='taxrate',
            name='tax_class',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rates', to='markets.taxclass'),
        ),
        migrations.AddIndex(
            model_name='marketrate',
            index=models.Index(fields=['market', '-first_day', '-id'], name='market_rate_of'),
        ),
        migrations.AddConstraint(
            model_name='marketrate',
            constraint=models.CheckConstraint(condition=models.Q(('per_unit__gt', 0), models.Q(('per_point', None), ('per_point__gte', 0), _connector='OR')), name='market_rate_positive'),
        ),
        migrations.AddIndex(
            model_name='taxrate',
            index=models.Index(fields=['market', 'tax_class', '-first_day', '-id'], name='tax_rate_of'),
        ),
        migrations.AddConstraint(
            model_name='taxrate',
            constraint=models.CheckConstraint(condition=models.Q(('rate__range', (0, 10000))), name='tax_rate'),
        ),
    ]
