from django.apps import AppConfig


class CompanyConfig(AppConfig):
    name = "upline.company"
    label = "company"
