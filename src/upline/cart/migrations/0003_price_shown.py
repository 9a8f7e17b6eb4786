"""Lines that are in a cart already were shown today's price."""

from django.db import migrations, models

_FILL = """
UPDATE cart_cartline line SET price = package.amount
FROM catalog_package package WHERE package.id = line.package_id
"""


class Migration(migrations.Migration):
    dependencies = [("cart", "0002_initial"), ("catalog", "0001_initial")]

    operations = [
        migrations.AddField("cartline", "price", models.BigIntegerField(null=True)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField("cartline", "price", models.BigIntegerField()),
    ]
