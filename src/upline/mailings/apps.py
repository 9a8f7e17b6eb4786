from django.apps import AppConfig


class MailingsConfig(AppConfig):
    name = "upline.mailings"
    label = "mailings"
