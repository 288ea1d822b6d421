"""The schemas of the OpenAPI document: what is sent and what is answered, by the names of their contracts."""

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

if TYPE_CHECKING:
    from services.gateway.documentation.operations import Operation

Key = tuple[type[BaseModel], JsonSchemaMode]
Json = dict[str, Any]
REF = "#/components/schemas/"
# What people read; the classes' own words are for those who program with them.
MONEY = {
    "Money": "An exact amount of money.",
    "UnitPrice": "What one unit costs; it may have up to four decimals where the currency has fewer.",
}
AMOUNT = {"description": "In major units: 12.50 EUR is twelve euros fifty.", "examples": ["12.50"]}
CURRENCY = {"description": "By ISO 4217.", "pattern": "^[A-Z]{3}$", "examples": ["EUR"]}
FACT = {"type": "object", "description": "The fact itself, whole; its `type` names its contract.", "title": "Fact"}


class Untitled(GenerateJsonSchema):
    """Leaves out the titles that only repeat a field's name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never set one."""
        return False


class Schemas:
    """Every schema the operations need; contracts keep their names, what is sent is called …Input where it differs."""

    def __init__(self, operations: Iterable["Operation"]) -> None:
        keys = sorted({key for operation in operations for key in operation.models()}, key=_named)
        references, definitions = models_json_schema(
            keys, ref_template=REF + "{model}", schema_generator=Untitled, by_alias=True
        )
        renamed = {name: _name(name) for name in definitions["$defs"]}
        self._references = {key: _rename(schema, renamed) for key, schema in references.items()}
        self._all = {renamed[name]: _rename(schema, renamed) for name, schema in definitions["$defs"].items()}
        self._all |= {name: FACT for name in self._all if name == "Fact"}
        for name in MONEY:
            self._describe_money(name, MONEY[name])
            self._describe_money(f"{name}Input", MONEY[name])
        self._read_only_in_parameters = {
            self._name_of(operation.asked) for operation in operations if operation.asked and not operation.has_body
        }

    def components(self) -> Json:
        """Return the schemas by name; contracts that only fill parameters are left out."""
        kept = self._all.keys() - self._read_only_in_parameters
        return {name: self._all[name] for name in sorted(kept)}

    def reference(self, model: type[BaseModel], mode: JsonSchemaMode) -> Json:
        """Return a reference to a model's schema."""
        return dict(self._references[model, mode])

    def fields(self, model: type[BaseModel]) -> tuple[Json, frozenset[str]]:
        """Return the fields a contract is filled with, and which of them are required."""
        schema = self._all[self._name_of(model)]
        return schema.get("properties", {}), frozenset(schema.get("required", ()))

    def leave_out(self, model: type[BaseModel], fields: frozenset[str]) -> None:
        """Take fields out of what is sent in a body: HTTP says them elsewhere."""
        schema = self._all[self._name_of(model)]
        self._all[self._name_of(model)] = schema | {
            "properties": {name: field for name, field in schema["properties"].items() if name not in fields},
            "required": [name for name in schema.get("required", ()) if name not in fields],
            "additionalProperties": False,
        }

    def _name_of(self, model: type[BaseModel]) -> str:
        reference: str = self._references[model, "validation"]["$ref"]
        return reference.removeprefix(REF)

    def _describe_money(self, name: str, text: str) -> None:
        if name in self._all:
            self._all[name]["description"] = text
            self._all[name]["properties"]["amount"] |= AMOUNT
            self._all[name]["properties"]["currency"] |= CURRENCY


def _named(key: Key) -> tuple[str, str]:
    return key[0].__name__, key[1]


def _name(name: str) -> str:
    """Return a readable name: OrderSummaryPage, not Page_OrderSummary_; Money and MoneyInput, not Money-Output."""
    paged = re.sub(r"Page_(\w+?)_(?=$|-)", r"\1Page", name)
    paged = "Fact" if paged == "BaseModel" else paged
    return paged.removesuffix("-Output").replace("-Input", "Input")


def _rename(schema: Any, renamed: dict[str, str]) -> Any:
    text = json.dumps(schema)
    return json.loads(re.sub(rf'"{REF}([^"]+)"', lambda found: f'"{REF}{renamed[found[1]]}"', text))
