"""JSON schemas as they go over the wire: derived from a pydantic model, in the subset that strict servers accept."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from gitm.types import Frozen

#: Notes for people, and keywords that some servers refuse. Whatever is dropped here is still held by pydantic afterwards.
_DROPPED = frozenset({"title", "default", "examples", "discriminator", "format", "minLength", "maxLength", "uniqueItems", "propertyNames"})


class WireSchema(Frozen):
    """A schema to send: its ``name``, the JSON schema, and whether it fits strict mode (every object closed)."""

    name: str
    schema_: dict[str, Any]
    strict: bool


def wire_schema(model: type[BaseModel]) -> WireSchema:
    """The schema of a model with every object closed, every property required and unions spelt ``anyOf``.

    A free-form mapping (``dict[str, int]``) cannot be said in strict mode: such a schema goes out as it is, marked not strict.
    """
    found = model.model_json_schema()
    tight: dict[str, Any] = _tighten(found)
    return WireSchema(name=_wire_name(model), schema_=tight, strict=tight.get("type") == "object" and not _is_open(tight))


def _wire_name(model: type[BaseModel]) -> str:
    """The model's name in the letters that servers allow (``Box[int]`` -> ``Box_int_``), at most 64 of them."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in model.__name__)[:64]


def _tighten(node: Any) -> Any:
    """A schema node and all below it, tightened; the keys of ``properties`` and ``$defs`` are names, not keywords."""
    if isinstance(node, list):
        return [_tighten(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}  # strict mode allows nothing beside a reference
    tight: dict[str, Any] = {}
    for key, value in node.items():
        if key in ("properties", "$defs"):
            tight[key] = {name: _tighten(entry) for name, entry in value.items()}
        elif key in ("enum", "const", "required", "patternProperties"):
            tight[key] = value
        elif key == "oneOf":
            tight["anyOf"] = _tighten(value)
        elif key not in _DROPPED:
            tight[key] = _tighten(value)
    if patterns := tight.pop("patternProperties", None):  # a mapping whose names follow a pattern: pydantic will hold it
        tight["additionalProperties"] = _tighten(next(iter(patterns.values())))
    if tight.get("type") == "object" and not tight.get("additionalProperties"):
        tight.setdefault("properties", {})
        tight["additionalProperties"] = False
        tight["required"] = list(tight["properties"])
    return tight


def _is_open(node: Any) -> bool:
    """Whether anything in the schema is beyond strict mode: free-form mappings, untyped values, fixed tuples."""
    if isinstance(node, list):
        return any(_is_open(entry) for entry in node)
    if not isinstance(node, dict):
        return False
    if node.get("additionalProperties") or "prefixItems" in node or not (node.keys() & {"type", "$ref", "anyOf", "enum", "const"}):
        return True
    named = [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]
    return any(_is_open(entry) for entry in [*named, *node.get("anyOf", []), *([node["items"]] if "items" in node else [])])
