import django.db.models.deletion
import django.db.models.functions.text
import upline.mailings.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('mailings', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mails', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('status', 'queued')), fields=['next_try_at'], name='mail_due'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(django.db.models.functions.text.Lower('to_address'), models.F('created_at'), condition=models.Q(('kind__in', [upline.mailings.models.MailKind['CONFIRM_ORDER'], upline.mailings.models.MailKind['PASSWORDS_ALIKE'], upline.mailings.models.MailKind['SECOND_FACTOR']])), name='mail_limited'),
        ),
    ]
