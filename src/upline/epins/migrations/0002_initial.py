import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('epins', '0001_initial'),
        ('members', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='epin',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='epins', to='members.member'),
        ),
        migrations.AddField(
            model_name='epinbatch',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='epin',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='epins', to='epins.epinbatch'),
        ),
        migrations.AddConstraint(
            model_name='epin',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='epin_amount'),
        ),
        migrations.AddConstraint(
            model_name='epin',
            constraint=models.CheckConstraint(condition=models.Q(('balance__gte', 0), ('balance__lte', models.F('amount'))), name='epin_balance'),
        ),
    ]
