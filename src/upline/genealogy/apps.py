from django.apps import AppConfig


class GenealogyConfig(AppConfig):
    name = "upline.genealogy"
    label = "genealogy"
