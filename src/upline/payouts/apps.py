from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "upline.payouts"
    label = "payouts"
