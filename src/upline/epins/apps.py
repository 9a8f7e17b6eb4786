from django.apps import AppConfig


class EpinsConfig(AppConfig):
    name = "upline.epins"
    label = "epins"
