from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "upline.payments"
    label = "payments"
