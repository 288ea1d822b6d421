import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.domain.identifiers import check_siret, check_vat_number
from shared.contracts.customers.companies import CompanyIdentifierInvalid


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("73282932000074", "73282932000074"),
        ("732 829 320 00074", "73282932000074"),
        (" 732.829.320.00074 ", "73282932000074"),
        (None, None),
    ],
)
def test_a_siret_is_kept_as_its_digits(written: str | None, kept: str | None) -> None:
    assert check_siret(written) == kept


def test_la_poste_counts_digits_instead_of_luhn() -> None:
    assert check_siret("35600000049837") == "35600000049837"
    with pytest.raises(CompanyIdentifierInvalid):
        check_siret("35600000049838")


@pytest.mark.parametrize("wrong", ["73282932000075", "7328293200007", "732829320000741", "7328293200007A", "", "٧"])
def test_a_wrong_siret_is_refused_by_name(wrong: str) -> None:
    with pytest.raises(CompanyIdentifierInvalid) as refused:
        check_siret(wrong)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/siret", "SIRET_INVALID")]


@pytest.mark.parametrize(
    ("written", "country", "kept"),
    [
        ("FR44732829320", "FR", "FR44732829320"),
        ("fr 44 732.829.320", "FR", "FR44732829320"),
        ("44732829320", "FR", "FR44732829320"),
        ("DE136695976", "FR", "DE136695976"),  # a French company registered in Germany
        ("EL094259216", "GR", "EL094259216"),
        ("XI980780684", "GB", "XI980780684"),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
        ("NL004495445B01", "NL", "NL004495445B01"),
        ("ESB58378431", "ES", "ESB58378431"),
        ("US123456789", "US", "US123456789"),  # nobody checks these digits
        (None, "FR", None),
    ],
)
def test_a_vat_number_is_kept_with_its_country(written: str | None, country: str, kept: str | None) -> None:
    assert check_vat_number(written, country) == kept


@pytest.mark.parametrize(
    ("wrong", "country"),
    [
        ("FR45732829320", "FR"),  # the key of 732829320 is 44
        ("FR4473282932", "FR"),
        ("DE136695977", "DE"),
        ("US", "US"),
        ("US1234567890123456", "US"),
        ("", "FR"),
        ("FR<script>", "FR"),
    ],
)
def test_a_wrong_vat_number_is_refused_by_name(wrong: str, country: str) -> None:
    with pytest.raises(CompanyIdentifierInvalid) as refused:
        check_vat_number(wrong, country)

    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/vat_number", "VAT_NUMBER_INVALID")]


@given(siren=st.integers(0, 99_999_999), key=st.integers(0, 99))
def test_only_one_key_fits_a_french_number(siren: int, key: int) -> None:
    digits = f"{siren:08}"
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits))
    luhn = -sum(value // 10 + value % 10 for value in doubled) % 10
    number = f"{digits}{luhn}"
    expected = (12 + 3 * (int(number) % 97)) % 97

    try:
        check_vat_number(f"FR{key:02}{number}", "FR")
    except CompanyIdentifierInvalid:
        assert key != expected or number.startswith("000")
    else:
        assert key == expected
