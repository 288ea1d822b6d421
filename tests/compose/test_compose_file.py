"""What docker-compose.yml promises that no engine is needed to see."""

import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import secrets
from devstack.services import PROCESSES
from shared.settings import BusSettings, ServiceSettings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
EXAMPLE = (ROOT / ".env.example").read_text()


def settings(service: str) -> type[BusSettings]:
    try:
        found: type[BusSettings] = importlib.import_module(f"services.{service}.settings").Settings
    except ModuleNotFoundError:
        return ServiceSettings
    return found


@pytest.mark.parametrize("service", PROCESSES)
def test_every_setting_of_a_service_can_be_given_in_the_env_file(service: str) -> None:
    known = {f"COURTIER_{field.upper()}" for field in settings(service).model_fields}

    assert set(COMPOSE["services"][service]["environment"]) == known


def test_every_variable_that_must_be_set_is_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text()))

    assert wanted <= {name for name, _ in secrets.ASSIGNED.findall(EXAMPLE)}


def test_a_written_env_file_has_a_secret_of_its_own_everywhere(tmp_path: Path) -> None:
    secrets.main(tmp_path / ".env")

    written = dict(secrets.ASSIGNED.findall((tmp_path / ".env").read_text()))
    made = [written[name] for name, value in secrets.ASSIGNED.findall(EXAMPLE) if not value]
    assert len(set(made)) == len(made) > 0
    # NATS reads a word of digits as a number, and a password stands in a URL.
    assert all(re.fullmatch(r"[a-z][a-z0-9]{32,}", secret) for secret in made)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_an_env_file_is_never_overwritten_and_told_what_it_lacks(tmp_path: Path) -> None:
    mine = tmp_path / ".env"
    mine.write_text("POSTGRES_PASSWORD=mine\n")

    with pytest.raises(SystemExit, match="COURTIER_BOOTSTRAP_SECRET"):
        secrets.main(mine)

    assert mine.read_text() == "POSTGRES_PASSWORD=mine\n"


def test_nothing_is_published_but_on_loopback() -> None:
    published = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_no_two_services_build_the_same_image() -> None:
    """Newer builders work side by side, and one of two that write the same name fails."""
    built = [service["image"] for service in COMPOSE["services"].values() if "build" in service]

    assert len(set(built)) == len(built)


def test_the_mailbox_image_has_the_locked_versions() -> None:
    locked = (ROOT / "requirements.lock").read_text().splitlines()
    installed = (ROOT / "deploy" / "mailbox" / "requirements.txt").read_text().splitlines()

    assert [line for line in installed if line not in locked] == []
