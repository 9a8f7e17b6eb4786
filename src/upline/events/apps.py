from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "upline.events"
    label = "events"
