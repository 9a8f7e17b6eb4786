from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='KycReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('submitted', 'submitted'), ('verified', 'verified'), ('rejected', 'rejected'), ('expired', 'expired')], max_length=9)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'KYC review',
                'ordering': ['-id'],
            },
        ),
    ]
