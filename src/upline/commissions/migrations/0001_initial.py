import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('markets', '0002_initial'),
        ('members', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Interim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('every', models.CharField(max_length=40, unique=True)),
                ('waiting', models.IntegerField()),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('at', models.DateTimeField()),
                ('books', models.TextField()),
                ('bonuses', models.JSONField()),
                ('ranks', models.JSONField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='InterimEarning',
            fields=[
                ('pk', models.CompositePrimaryKey('interim_id', 'member_id', 'bonus', 'position_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('bonus', models.SmallIntegerField()),
                ('position_id', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('left_volume', models.BigIntegerField()),
                ('right_volume', models.BigIntegerField()),
                ('left_brought', models.BigIntegerField()),
                ('right_brought', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('interim', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commissions.interim')),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='InterimRank',
            fields=[
                ('pk', models.CompositePrimaryKey('interim_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('rank', models.SmallIntegerField()),
                ('interim', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commissions.interim')),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='InterimTeam',
            fields=[
                ('pk', models.CompositePrimaryKey('interim_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('own_points', models.BigIntegerField()),
                ('team_points', models.BigIntegerField()),
                ('is_active', models.BooleanField()),
                ('nearness', models.SmallIntegerField()),
                ('interim', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commissions.interim')),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(unique=True)),
                ('name', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('digest', models.BinaryField()),
                ('packages', models.JSONField(default=list)),
                ('put_at', models.DateTimeField()),
                ('put_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('use_plan', 'Can put a plan in force')],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='interim',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='commissions.planversion'),
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('every', models.CharField(max_length=40)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('status', models.CharField(choices=[('open', 'open'), ('computed', 'computed'), ('reviewed', 'reviewed'), ('approved', 'approved'), ('paid', 'paid'), ('closed', 'closed')], default='open', max_length=8)),
                ('inputs_hash', models.BinaryField(null=True)),
                ('outputs_hash', models.BinaryField(null=True)),
                ('turnover', models.BigIntegerField(default=0)),
                ('gross', models.BigIntegerField(default=0)),
                ('paid', models.BigIntegerField(default=0)),
                ('lines', models.BigIntegerField(default=0)),
                ('members', models.BigIntegerField(default=0)),
                ('refunds', models.BigIntegerField(default=0)),
                ('cursor', models.BigIntegerField(default=0)),
                ('opened_at', models.DateTimeField()),
                ('computed_at', models.DateTimeField(null=True)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('approved_at', models.DateTimeField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('computed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paid_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='commissions.planversion')),
                ('previous', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commissions.run')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
                'permissions': [('open_run', 'Can open commission runs'), ('compute_run', 'Can compute commission runs'), ('review_run', 'Can review commission runs'), ('approve_run', 'Can approve commission runs that somebody else reviewed'), ('pay_run', 'Can pay commission runs'), ('close_run', 'Can close commission runs'), ('drop_run', 'Can drop commission runs that were opened by mistake'), ('forfeit_run', 'Can let the company keep what a closed member cannot be paid')],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='interim',
            name='stands_on',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commissions.run'),
        ),
        migrations.CreateModel(
            name='Earning',
            fields=[
                ('pk', models.CompositePrimaryKey('run_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('currency', models.CharField(max_length=3)),
                ('gross', models.BigIntegerField()),
                ('ceiling', models.BigIntegerField()),
                ('charges', models.BigIntegerField()),
                ('tax', models.BigIntegerField()),
                ('carried', models.BigIntegerField()),
                ('total', models.BigIntegerField()),
                ('purchase', models.BigIntegerField()),
                ('rank', models.SmallIntegerField()),
                ('title', models.SmallIntegerField()),
                ('market', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
                ('member', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='earnings', to='commissions.run')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Clawback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('of_number', models.IntegerField()),
                ('amount', models.BigIntegerField()),
                ('order_id', models.BigIntegerField()),
                ('of_run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commissions.run')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commissions.run')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ArchivePiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=40)),
                ('number', models.IntegerField()),
                ('bytes', models.BinaryField()),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commissions.run')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RunMarket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('per_unit', models.BigIntegerField()),
                ('per_point', models.BigIntegerField(null=True)),
                ('turnover', models.BigIntegerField()),
                ('gross', models.BigIntegerField()),
                ('paid', models.BigIntegerField()),
                ('members', models.BigIntegerField()),
                ('currency', models.ForeignKey(db_column='currency', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.currency')),
                ('market', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='markets', to='commissions.run')),
            ],
            options={
                'ordering': ['run', 'market'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Withheld',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('forfeited_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('forfeited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='withheld', to='commissions.run')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(fields=('every', 'last_day'), name='one_run_per_period'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(fields=('previous',), name='runs_form_one_chain', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='run_first_day_first'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by', models.F('reviewed_by')), _negated=True), models.Q(('approved_by', models.F('opened_by')), _negated=True)), name='run_approved_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_by', None), ('reviewed_by', None), ('status__in', ['open', 'computed'])), models.Q(('approved_by', None), ('reviewed_by__isnull', False), ('status', 'reviewed')), models.Q(('approved_by__isnull', False), ('reviewed_by__isnull', False), ('status__in', ['approved', 'paid', 'closed'])), _connector='OR'), name='run_state_names_who'),
        ),
        migrations.AddConstraint(
            model_name='earning',
            constraint=models.CheckConstraint(condition=models.Q(('total', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('gross'), '-', models.F('ceiling')), '-', models.F('charges')), '-', models.F('tax')), '+', models.F('carried')))), name='earning_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='earning',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purchase__gte', 0), ('purchase__lte', models.F('total'))), models.Q(('purchase__gte', models.F('total')), ('purchase__lte', 0)), _connector='OR'), name='earning_purchase_is_a_part'),
        ),
        migrations.AddConstraint(
            model_name='clawback',
            constraint=models.UniqueConstraint(fields=('run', 'number', 'order_id'), name='taken_back_once_for_an_order'),
        ),
        migrations.AddConstraint(
            model_name='clawback',
            constraint=models.CheckConstraint(condition=models.Q(('of_run__lt', models.F('run'))), name='of_an_earlier_run'),
        ),
        migrations.AddConstraint(
            model_name='archivepiece',
            constraint=models.UniqueConstraint(fields=('run', 'part', 'number'), name='archived_once'),
        ),
        migrations.AddConstraint(
            model_name='runmarket',
            constraint=models.UniqueConstraint(fields=('run', 'market'), name='run_market_once'),
        ),
        migrations.AddConstraint(
            model_name='runmarket',
            constraint=models.CheckConstraint(condition=models.Q(('per_unit__gt', 0), models.Q(('per_point', None), ('per_point__gte', 0), _connector='OR')), name='run_rate_positive'),
        ),
        migrations.AddConstraint(
            model_name='withheld',
            constraint=models.UniqueConstraint(fields=('run', 'member'), name='withheld_once'),
        ),
        migrations.AddConstraint(
            model_name='withheld',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('forfeited_at', None), ('forfeited_by', None), ('reason', '')), models.Q(('forfeited_at__isnull', False), ('forfeited_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='forfeited_by_somebody_for_a_reason'),
        ),
    ]
