from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "upline.catalog"
    label = "catalog"
