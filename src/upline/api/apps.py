from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "upline.api"
    label = "api"

    def ready(self) -> None:
        from corsheaders.signals import check_request_enabled

        from upline.api.http.frame import origin_allowed

        check_request_enabled.connect(origin_allowed)
