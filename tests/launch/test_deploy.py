"""The files in deploy/: who is told which secret."""

import configparser
import re

import yaml

from support.installation import ROOT

DEPLOY = ROOT / "deploy"


def unit(name: str) -> dict[str, str]:
    """The last value of each key of a unit's [Service]; its environment files in one word."""
    text = (DEPLOY / name).read_text()
    files = " ".join(re.findall(r"^EnvironmentFile=(.*)$", text, re.M))
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return dict(parser["Service"]) | {"EnvironmentFile": files}


def test_in_containers_only_the_migration_knows_the_owner_and_only_postgresql_its_superuser() -> (
    None
):
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    told = {name: str(service.get("environment")) for name, service in services.items()}
    assert {name for name, said in told.items() if "OWNER" in said} == {"postgres", "migrate"}
    assert {name for name, said in told.items() if "POSTGRES_PASSWORD" in said} == {"postgres"}
    assert {service.get("env_file") for service in services.values()} == {None, "upline.env"}


def test_of_the_units_only_the_migration_reads_the_owners_file() -> None:
    units = {file.name: unit(file.name) for file in DEPLOY.glob("*.service")}
    reads = {name for name, said in units.items() if "owner" in said["EnvironmentFile"]}
    assert reads == {"upline-migrate.service"}
    assert {said["User"] for said in units.values()} == {"upline"}
    assert {said["NoNewPrivileges"] for said in units.values()} == {"yes"}


def test_the_image_asks_for_its_health_at_an_address_that_there_is() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert "HEALTHCHECK" in dockerfile
    assert "/health/live" in dockerfile
