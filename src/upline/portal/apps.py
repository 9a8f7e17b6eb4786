from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "upline.portal"
    label = "portal"
