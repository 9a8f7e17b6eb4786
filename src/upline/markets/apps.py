from django.apps import AppConfig


class MarketsConfig(AppConfig):
    name = "upline.markets"
    label = "markets"
