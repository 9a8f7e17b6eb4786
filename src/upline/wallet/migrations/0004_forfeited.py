from django.db import migrations

_OPEN = "INSERT INTO wallet_account (member_id, kind, balance) VALUES (NULL, 'forfeited', NULL)"


class Migration(migrations.Migration):
    dependencies = [("wallet", "0003_commissions")]
    operations = [migrations.RunSQL(_OPEN)]
