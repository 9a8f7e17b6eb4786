from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "upline.design"
    label = "design"
