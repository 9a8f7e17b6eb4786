from django.apps import AppConfig


class WalletConfig(AppConfig):
    name = "upline.wallet"
    label = "wallet"
