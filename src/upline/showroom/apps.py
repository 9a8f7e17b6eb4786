from django.apps import AppConfig


class ShowroomConfig(AppConfig):
    name = "upline.showroom"
    label = "showroom"
