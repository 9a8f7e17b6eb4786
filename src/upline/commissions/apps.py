from django.apps import AppConfig


class CommissionsConfig(AppConfig):
    name = "upline.commissions"
    label = "commissions"
