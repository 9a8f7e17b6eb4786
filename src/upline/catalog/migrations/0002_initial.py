import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('catalog', '0001_initial'),
        ('markets', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='price',
            name='market',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market'),
        ),
        migrations.AddField(
            model_name='price',
            name='package',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='catalog.package'),
        ),
        migrations.AddField(
            model_name='price',
            name='tax_class',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.taxclass'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('points__range', (0, 1000000000000))), name='package_points'),
        ),
        migrations.AddConstraint(
            model_name='package',
            constraint=models.CheckConstraint(condition=models.Q(('opens_position', False), ('kind', 'cart'), _connector='OR'), name='only_a_cart_package_opens_a_position'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.UniqueConstraint(fields=('package', 'market', 'first_day'), name='one_price_from_a_day'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.CheckConstraint(condition=models.Q(('amount__range', (0, 1000000000000)), ('commissionable_value__range', (0, 1000000000000)), models.Q(('member_amount', None), ('member_amount__range', (0, 1000000000000)), _connector='OR'), models.Q(('own_points', None), ('own_points__range', (0, 1000000000000)), _connector='OR')), name='price_in_range'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.CheckConstraint(condition=models.Q(('member_amount', None), ('member_amount__lte', models.F('amount')), _connector='OR'), name='price_for_members_not_higher'),
        ),
    ]
