"""The table of features names tests that are there, and every feature of the catalogue."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "features.md").read_text()
CATALOGUE = {*(f"CA-{number}" for number in range(1, 24)), "GW-6"}


def test_every_feature_of_the_catalogue_is_told() -> None:
    assert set(re.findall(r"\b(?:CA|GW)-\d+", TABLE)) == CATALOGUE


def test_every_feature_is_shown_by_tests_that_are_there() -> None:
    shown = re.findall(r"`([\w/]+\.py)`", TABLE)

    assert len(shown) == len(TABLE.split("|---|---|---|\n")[1].splitlines())
    assert [path for path in shown if "def test_" not in (ROOT / path).read_text()] == []
