from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "upline.base"
    label = "base"
