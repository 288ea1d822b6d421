"""Options: what the variants of a product differ in, so that each is one combination of values and no other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.contracts.catalog.products import Option, ProductStatus
from shared.kernel.problems import FieldError


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values a variant has by option code, where its editor named it, and whether it is sold."""

    pointer: str
    values: Mapping[str, str]
    status: ProductStatus = ProductStatus.ACTIVE


def option_errors(options: Sequence[Option]) -> list[FieldError]:
    """Return what is wrong with options by themselves: a code named twice, a value named twice."""
    errors = []
    codes = [option.code for option in options]
    for index, option in enumerate(options):
        if option.code in codes[:index]:
            message = f"The option {option.code} is there already; give each option a code of its own."
            errors.append(FieldError(f"/options/{index}/code", "OPTION_TWICE", message))
        errors += [
            FieldError(f"/options/{index}/values/{place}", "VALUE_TWICE", f"{value} is there already; name it once.")
            for place, value in enumerate(option.values)
            if value in option.values[:place]
        ]
    return errors


def choice_errors(options: Sequence[Option], variants: Iterable[Chosen]) -> list[FieldError]:
    """Return what is wrong with the values of a product's variants.

    Each has one known value of each option and no other. No two that are sold have the same combination, unless the
    product has no options to tell them apart by.
    """
    errors: list[FieldError] = []
    seen: set[tuple[str, ...]] = set()
    for variant in variants:
        wrong = _value_errors(options, variant)
        combination = tuple(variant.values.get(option.code, "") for option in options)
        counts = bool(options) and not wrong and variant.status is ProductStatus.ACTIVE
        if counts and combination in seen:
            message = f"Another variant is {', '.join(combination)} too; give one of them another value."
            wrong.append(FieldError(variant.pointer, "COMBINATION_TWICE", message))
        if counts:
            seen.add(combination)
        errors += wrong
    return errors


def _value_errors(options: Sequence[Option], variant: Chosen) -> list[FieldError]:
    known = {option.code: option.values for option in options}
    errors = [
        FieldError(
            f"{variant.pointer}/{code}", "OPTION_UNKNOWN", f"The product has no option {code}; add it or leave it."
        )
        for code in variant.values
        if code not in known
    ]
    for code, values in known.items():
        value = variant.values.get(code)
        if value is None:
            message = f"Give this variant one of the values of {code}: {_some(values)}."
            errors.append(FieldError(variant.pointer, "OPTION_MISSING", message))
        elif value not in values:
            message = f"{code} may be {_some(values)}; choose one of them, or add the value to the option."
            errors.append(FieldError(f"{variant.pointer}/{code}", "VALUE_UNKNOWN", message))
    return errors


def _some(values: Sequence[str]) -> str:
    return ", ".join(values[:10]) + (", …" if len(values) > 10 else "")


def still_known(options: Sequence[Option], values: Mapping[str, str]) -> dict[str, str]:
    """Return what a variant has of the options there still are."""
    codes = {option.code for option in options}
    return {code: value for code, value in values.items() if code in codes}
