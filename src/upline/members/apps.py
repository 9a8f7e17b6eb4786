from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "upline.members"
    label = "members"
