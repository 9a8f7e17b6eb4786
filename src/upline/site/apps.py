from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "upline.site"
    label = "site"
