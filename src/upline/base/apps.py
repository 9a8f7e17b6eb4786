from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "upline.base"
    label = "base"

    def ready(self) -> None:
        from upline.base import connections

        connections.watch()
