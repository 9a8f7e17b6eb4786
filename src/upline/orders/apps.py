from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "upline.orders"
    label = "orders"
