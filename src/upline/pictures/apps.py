from django.apps import AppConfig


class PicturesConfig(AppConfig):
    name = "upline.pictures"
    label = "pictures"
