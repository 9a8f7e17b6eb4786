import django.db.models.deletion
import django.db.models.functions.text
import upline.base.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('catalog', '0002_initial'),
        ('company', '0001_initial'),
        ('markets', '0001_initial'),
        ('pictures', '0001_initial'),
        ('sessions', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(max_length=30)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('is_staff', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('date_joined', models.DateTimeField(default=upline.base.clock.now)),
                ('language', models.CharField(blank=True, db_default='', default='', max_length=10)),
                ('appearance', models.CharField(blank=True, db_default='', default='', max_length=5)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
        ),
        migrations.CreateModel(
            name='KnownNetwork',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='known_network', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('network', models.CharField(max_length=50)),
                ('until', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                ('rank_name', models.CharField(blank=True, max_length=60)),
                ('standing', models.CharField(choices=[('active', 'active'), ('blocked', 'blocked'), ('closed', 'closed')], default='active', max_length=7)),
                ('kind', models.CharField(choices=[('member', 'member'), ('retail', 'retail customer'), ('preferred', 'preferred customer')], default='member', max_length=9)),
                ('member_since', models.DateTimeField(null=True)),
                ('firstname', models.CharField(max_length=100)),
                ('lastname', models.CharField(blank=True, max_length=100)),
                ('gender', models.CharField(blank=True, choices=[('M', 'male'), ('F', 'female')], max_length=1)),
                ('date_of_birth', models.DateField(null=True)),
                ('address_line1', models.CharField(blank=True, max_length=200)),
                ('address_line2', models.CharField(blank=True, max_length=200)),
                ('country_id', models.SmallIntegerField(null=True)),
                ('state_id', models.IntegerField(null=True)),
                ('city', models.CharField(blank=True, max_length=100)),
                ('zip_code', models.CharField(blank=True, max_length=20)),
                ('email', models.EmailField(max_length=254)),
                ('email_confirmed_at', models.DateTimeField(null=True)),
                ('mobile', models.CharField(max_length=20)),
                ('landline', models.CharField(blank=True, max_length=20)),
                ('shows_contact', models.BooleanField(db_default=False, default=False)),
                ('bank_sealed', models.BinaryField(null=True)),
                ('transaction_password', models.CharField(blank=True, max_length=128)),
                ('preferred_side', models.SmallIntegerField(default=1, help_text='1 is left, 2 is right')),
                ('joined_at', models.DateTimeField()),
                ('terms_version', models.CharField(max_length=40)),
                ('terms_agreed_at', models.DateTimeField()),
                ('terms_address', models.CharField(max_length=45)),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
                ('package', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='catalog.package')),
                ('picture', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='pictures.picture')),
            ],
            options={
                'permissions': [('help_sign_in', 'Can send links to set passwords, and unlock sign-in'), ('view_bank', 'Can see bank data'), ('move_market', 'Can move members to another market'), ('block_member', 'Can block and unblock members'), ('close_member', 'Can end memberships')],
            },
        ),
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='second_factor', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('sealed', models.BinaryField()),
                ('last_step', models.BigIntegerField(default=0)),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(default=upline.base.clock.now)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='company.apiclient')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MailedLink',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('purpose', models.CharField(choices=[('login_password', 'set a new password'), ('transaction_password', 'set a new transaction password'), ('confirm_email', 'confirm an e-mail address'), ('undo_change', 'undo a change'), ('confirm_order', 'confirm an order'), ('staff_invitation', 'choose the first password of a staff user'), ('staff_password', 'choose a new password of a staff user')], max_length=20)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('about', models.CharField(blank=True, max_length=20)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='OfficeSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('browser', models.CharField(max_length=300)),
                ('address', models.CharField(max_length=45)),
                ('signed_in_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sessions.session')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('digest', models.BinaryField(primary_key=True, serialize=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RightFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.CharField(max_length=60)),
                ('is_held', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignInHelp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MarketFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('by_client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient')),
                ('by_staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.market')),
                ('by_member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='JoinDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(unique=True)),
                ('link_digest', models.BinaryField(null=True, unique=True)),
                ('sealed', models.BinaryField()),
                ('version', models.IntegerField(default=1)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='members.member')),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='own_member',
            field=models.ForeignKey(help_text='The member account of a staff user: they decide nothing about it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member'),
        ),
        migrations.CreateModel(
            name='StepAsked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=60)),
                ('right', models.CharField(max_length=60)),
                ('what', models.CharField(max_length=300)),
                ('arguments', models.JSONField()),
                ('subject', models.CharField(blank=True, max_length=120)),
                ('amount', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
                ('status', models.CharField(choices=[('asked', 'asked'), ('agreed', 'agreed'), ('refused', 'refused'), ('withdrawn', 'withdrawn'), ('expired', 'expired')], default='asked', max_length=9)),
                ('closed_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'asked step',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('right', 'what', 'actor'), name='step_asked_once'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('closed_by', None), ('status', 'asked')), models.Q(('closed_at__isnull', False), ('closed_by', None), ('status', 'expired')), models.Q(('closed_at__isnull', False), ('closed_by', models.F('actor')), ('status', 'withdrawn')), models.Q(models.Q(('closed_by', models.F('actor')), _negated=True), ('closed_at__isnull', False), ('closed_by__isnull', False), ('status__in', ['agreed', 'refused'])), _connector='OR'), name='step_closed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='StandingFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('standing', models.CharField(max_length=7)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('by_client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient')),
                ('by_staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='standingfact_names_its_actor')],
            },
        ),
        migrations.CreateModel(
            name='RankFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('rank_name', models.CharField(max_length=60)),
                ('by_client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient')),
                ('by_staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by_member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='rankfact_names_its_actor')],
            },
        ),
        migrations.CreateModel(
            name='ProtectedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('email', 'e-mail address'), ('bank', 'bank account'), ('password', 'password'), ('transaction_password', 'transaction password'), ('identity', 'name, date of birth or country')], max_length=20)),
                ('at', models.DateTimeField()),
                ('before_sealed', models.BinaryField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='protected_changes', to='members.member')),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-at'], name='protected_changes_of_member'), models.Index(condition=models.Q(('before_sealed__isnull', False)), fields=['at'], name='protected_changes_sealed')],
            },
        ),
        migrations.CreateModel(
            name='PackageFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_kind', models.CharField(max_length=10)),
                ('since', models.DateTimeField()),
                ('order_number', models.CharField(blank=True, default='', max_length=20)),
                ('by_client', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='company.apiclient')),
                ('by_staff', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('package', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.package')),
                ('by_member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='members.member')),
            ],
            options={
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='packagefact_names_its_actor')],
            },
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='member_email_any_case'),
        ),
        migrations.AddIndex(
            model_name='member',
            index=models.Index(condition=models.Q(('email_confirmed_at__isnull', False)), fields=['email_confirmed_at'], name='member_email_waits'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'member'), ('member_since__isnull', False)), models.Q(models.Q(('kind', 'member'), _negated=True), ('member_since', None)), _connector='OR'), name='member_since_dated'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'member'), models.Q(('package', None), ('rank_name', '')), _connector='OR'), name='customer_without_package_and_rank'),
        ),
        migrations.AddConstraint(
            model_name='marketfact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_client__isnull', True), ('by_kind', 'staff'), ('by_member__isnull', True), ('by_staff__isnull', False)), models.Q(('by_client__isnull', False), ('by_kind', 'api_client'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'member'), ('by_member__isnull', False), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'worker'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'shell'), ('by_member__isnull', True), ('by_staff__isnull', True)), models.Q(('by_client__isnull', True), ('by_kind', 'visitor'), ('by_member__isnull', True), ('by_staff__isnull', True)), _connector='OR'), name='marketfact_names_its_actor'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(django.db.models.functions.text.Lower('email'), name='user_email_any_case'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='username_any_case'),
        ),
    ]
