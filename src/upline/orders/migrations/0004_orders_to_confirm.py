from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_refunds_to_send")]
    operations = [
        migrations.AddField(
            model_name="order",
            name="address_added_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="to_confirm",
            field=models.BooleanField(db_default=False),
        ),
    ]
