from django.apps import AppConfig


class ShippingConfig(AppConfig):
    name = "upline.shipping"
    label = "shipping"
