"""The numbers a company is known by: SIRET and VAT number (rules 3.7)."""

import re

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as french_siret

from shared.contracts.customers.companies import CompanyIdentifierInvalid
from shared.kernel.problems import FieldError

PREFIXED = re.compile(r"([A-Z]{2})(.*)")
# What VIES allows at most behind a country's code, and a little more for countries outside the Union.
ANY_VAT_NUMBER = re.compile(r"[0-9A-Z+*]{2,15}")
SEPARATORS = re.compile(r"[\s.\-/]")
# The prefix of a VAT number where it is not the country's ISO 3166 code: Greece, Northern Ireland.
ISO_COUNTRY = {"EL": "GR", "XI": "GB"}


def check_siret(number: str | None) -> str | None:
    """Return a SIRET as its 14 digits: Luhn, or for La Poste a digit sum that is a multiple of 5 (rules 3.7).

    Raises CompanyIdentifierInvalid pointing at /siret.
    """
    if number is None:
        return None
    try:
        return french_siret.validate(number)
    except ValidationError:
        message = "A SIRET has 14 digits, the last one a check digit; compare it with the company's registration."
        raise _invalid("/siret", "SIRET_INVALID", message) from None


def check_vat_number(number: str | None, country: str) -> str | None:
    """Return a VAT number in capitals without separators, country code first.

    `country` (ISO 3166) is that of the company and counts where the number does not begin with a country's letters:
    a company may be registered for VAT elsewhere. Countries whose check digits are known are checked by them, the
    others by pattern; the key of a French one is (12 + 3 × (SIREN mod 97)) mod 97 (rules 3.7).
    Raises CompanyIdentifierInvalid pointing at /vat_number.
    """
    if number is None:
        return None
    compact = SEPARATORS.sub("", number).upper()
    prefixed = PREFIXED.fullmatch(compact)
    prefix, digits = prefixed.groups() if prefixed else (country, compact)
    if not (ANY_VAT_NUMBER.fullmatch(digits) and _fits(ISO_COUNTRY.get(prefix, prefix), prefix, digits)):
        message = f"This is no valid VAT number of {prefix}; write it as on an invoice, such as FR44732829320."
        raise _invalid("/vat_number", "VAT_NUMBER_INVALID", message)
    return prefix + digits


def _fits(country: str, prefix: str, digits: str) -> bool:
    known = get_cc_module(country, "vat")
    # Switzerland's numbers are checked with their prefix, most others without.
    return known is None or any(known.is_valid(written) for written in (digits, prefix + digits))


def _invalid(pointer: str, code: str, message: str) -> CompanyIdentifierInvalid:
    return CompanyIdentifierInvalid(message, errors=[FieldError(pointer, code, message)])
