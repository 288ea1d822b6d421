"""There is one list of services, who owns contracts; what no code can derive from it names exactly the same."""

import configparser
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

from devstack.services import PROCESSES, SERVICES
from services.gateway.newsroom import READ_OF
from shared.contracts.registry import owners

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
GROUPS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
# Floors that services stand on, and tools that stand on services.
NOT_OF_A_SERVICE = {"messaging", "database", "command", "devstack", "test", "check"}
EVERYBODY = {*owners(), "gateway"}
POSTGRES = {f"POSTGRES_{name.upper()}{role}_PASSWORD" for name in owners() for role in ("", "_OWNER")}
NATS = {f"NATS_{name.upper()}_PASSWORD" for name in EVERYBODY}


def test_who_owns_contracts_has_a_folder_and_the_gateway_too() -> None:
    assert set(PROCESSES) == EVERYBODY
    assert {service.name for service in SERVICES if service.database} == set(owners())


def test_compose_runs_every_service_behind_its_migrations() -> None:
    built = {
        name: service["build"]["args"]["SERVICE"] for name, service in COMPOSE["services"].items() if owned(service)
    }

    assert built == {name: name for name in EVERYBODY} | {f"{name}-migrations": name for name in owners()}
    assert all(f"{name}-migrations" in COMPOSE["services"][name]["depends_on"] for name in owners())


def owned(service: dict[str, Any]) -> bool:
    return "SERVICE" in service.get("build", {}).get("args", {})


def test_every_service_has_its_passwords_and_nobody_else() -> None:
    example = set(re.findall(r"^((?:NATS|POSTGRES)_\w+_PASSWORD)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert set(COMPOSE["x-nats-passwords"]) == NATS
    assert set(COMPOSE["x-postgres-passwords"]) == POSTGRES
    assert example == NATS | POSTGRES


def test_every_service_migrates_a_database_of_its_own() -> None:
    found = configparser.ConfigParser()
    found.read(ROOT / "alembic.ini")

    assert {name: found[name]["script_location"] for name in found.sections()} == {
        name: f"services/{name}/migrations" for name in owners()
    }


def test_every_service_installs_a_group_of_its_own_as_it_is_locked() -> None:
    in_the_house = {part["include-group"] for part in GROUPS["devstack"] if isinstance(part, dict)}

    assert set(GROUPS) - NOT_OF_A_SERVICE == EVERYBODY
    assert in_the_house - NOT_OF_A_SERVICE == EVERYBODY
    assert {path.stem for path in (ROOT / "deploy" / "requirements").glob("*.txt")} == EVERYBODY


def test_the_gateway_knows_who_may_hear_each_services_events() -> None:
    assert set(READ_OF) == set(owners())
