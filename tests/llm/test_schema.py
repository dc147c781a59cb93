"""The schema sent is one that strict servers take: checked by the rules they publish, written down here independently."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from gitm.actions import Action
from gitm.llm.schema import wire_schema
from gitm.types import Way


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    lives: int = Field(default=9, ge=1, le=9)


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    title: str = Field(default="", max_length=10)  # a property by the name of a keyword


class Home(BaseModel):
    """A home."""

    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    second: Cat | None = None
    default: tuple[Cat, ...] = ()


class Mapping(BaseModel):
    counts: dict[str, int]


class Untyped(BaseModel):
    whatever: Any


class Fixed(BaseModel):
    pair: tuple[int, str]


class Plan(BaseModel):
    action_list: list[Action]


class Answer(BaseModel):
    ways: tuple[Way, ...]


BANNED = {"oneOf", "allOf", "not", "default", "title", "discriminator", "minLength", "maxLength", "format"}


def faults(node: Any, where: str = "$") -> list[str]:
    """What a strict server would complain of."""
    if isinstance(node, list):
        return [fault for at, entry in enumerate(node) for fault in faults(entry, f"{where}[{at}]")]
    if not isinstance(node, dict):
        return []
    found = [f"{where}: {key}" for key in BANNED & node.keys()]
    if node.get("type") == "object":
        found += [f"{where}: open"] if node.get("additionalProperties") is not False else []
        found += [f"{where}: optional"] if set(node.get("required", [])) != set(node.get("properties", {})) else []
    found += [f"{where}: beside $ref"] if "$ref" in node and len(node) > 1 else []
    named = {**node.get("properties", {}), **node.get("$defs", {})}
    found += [fault for key, entry in named.items() for fault in faults(entry, f"{where}.{key}")]
    rest = [entry for key, entry in node.items() if key not in ("properties", "$defs", "enum", "const", "required")]
    return found + [fault for entry in rest for fault in faults(entry, where)]


@pytest.mark.parametrize("model", [Cat, Home, Answer])
def test_models_without_mappings_are_strict(model: type[BaseModel]) -> None:
    sent = wire_schema(model)
    assert sent.strict
    assert faults(sent.schema_) == []
    assert sent.name == model.__name__


def test_unions_defaults_and_properties_named_as_keywords() -> None:
    schema = wire_schema(Home).schema_
    assert list(schema["properties"]) == ["pet", "second", "default"]
    assert schema["properties"]["pet"]["anyOf"] == [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]
    assert list(schema["$defs"]["Dog"]["properties"]) == ["kind", "title"]
    assert schema["$defs"]["Cat"]["properties"]["lives"] == {"type": "integer", "minimum": 1, "maximum": 9}


@pytest.mark.parametrize("model", [Mapping, Untyped, Fixed, Plan])
def test_what_strict_mode_cannot_say_goes_out_not_strict(model: type[BaseModel]) -> None:
    assert not wire_schema(model).strict
    assert wire_schema(model).schema_["additionalProperties"] is False


def test_a_free_mapping_stays_one() -> None:
    assert wire_schema(Mapping).schema_["properties"]["counts"] == {"type": "object", "additionalProperties": {"type": "integer"}}
