from django.apps import AppConfig


class KycConfig(AppConfig):
    name = "upline.kyc"
    label = "kyc"
