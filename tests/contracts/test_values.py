"""The written form of values: what a contract takes in, and what it gives out."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.kernel.money import Money, UnitPrice


@pytest.mark.parametrize("kind", [Money, UnitPrice])
@pytest.mark.parametrize("amount", ["99999999999999.99", "12", "-1.5", "0"])
def test_an_amount_as_a_json_number_is_refused_before_it_loses_a_cent(kind: object, amount: str) -> None:
    with pytest.raises(ValidationError, match="valid string"):
        TypeAdapter[object](kind).validate_json(f'{{"amount": {amount}, "currency": "EUR"}}')


def test_an_amount_as_a_string_is_exact() -> None:
    money = TypeAdapter[Money](Money).validate_json('{"amount": "99999999999999.99", "currency": "EUR"}')

    assert TypeAdapter(Money).dump_json(money) == b'{"amount":"99999999999999.99","currency":"EUR"}'


@pytest.mark.parametrize("amount", ["", "x", "1e3", "1_000", " 12", "NaN", "Infinity", "\u0661", "1,5", ".5"])
def test_an_amount_is_written_in_plain_digits(amount: str) -> None:
    with pytest.raises(ValidationError, match="plain digits") as refusal:
        TypeAdapter(Money).validate_json(f'{{"amount": "{amount}", "currency": "EUR"}}')

    assert refusal.value.errors()[0]["loc"] == ("amount",)
