from django.apps import AppConfig


class CartConfig(AppConfig):
    name = "upline.cart"
    label = "cart"
