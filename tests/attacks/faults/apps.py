import os

from django.apps import AppConfig


class FaultsConfig(AppConfig):
    """Plants the fault that PLANTED_FAULT names once the shipped code is loaded."""

    name = "attacks.faults"
    label = "planted_faults"

    def ready(self) -> None:
        from attacks.faults import careless

        careless.plant(os.environ["PLANTED_FAULT"])
