from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class OfficeConfig(AppConfig):
    name = "upline.office"
    label = "office"


class OfficeAdminConfig(AdminConfig):
    default_site = "upline.office.site.Office"
