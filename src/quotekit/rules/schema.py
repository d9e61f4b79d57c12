"""The JSON schema of rule files, made from the models, for editors that complete and check TOML."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field

from quotekit import lexicon
from quotekit.lexicon.cues import Cue, Cues
from quotekit.rules.grammar import Attribute, NodeSpec
from quotekit.rules.rule import Rule


class RuleFile(BaseModel):
    """Your own rules and cues for quotekit."""

    model_config = ConfigDict(extra="forbid", title="quotekit rule file")

    without: list[str] = Field(default=[], description="ids of rules to switch off")
    rule: list[Rule] = Field(default=[], description="rules to add")
    cue: list[Cue] = Field(default=[], description="cues to add to the lexicon")


def stored_schema() -> str:
    """Return the schema that comes with the package, as text.

    >>> json.loads(stored_schema())["title"]
    'quotekit rule file'
    """
    return (files("quotekit") / "data" / "rules.schema.json").read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    """Return the schema that the models and the lexicon have now."""
    made = RuleFile.model_json_schema()
    defs = made["$defs"]
    defs["Node"] = NodeSpec.model_json_schema()
    del defs["Node"]["$defs"]
    for one in defs.values():
        # The rest of a docstring is for readers of Python.
        one["description"] = one["description"].partition("\n\n")[0].replace("\n", " ")
        one["properties"] = {name: _without_null(field) for name, field in one["properties"].items()}
    frames = list(Cues.default().frames)
    defs["Rule"]["properties"]["pattern"]["items"] = {"$ref": "#/$defs/Node"}
    defs["Rule"]["properties"]["frame"]["enum"] = [*frames, "statement"]
    defs["Cue"]["properties"]["frames"]["propertyNames"] = {"enum": frames}
    defs["Node"]["properties"]["RIGHT_ATTRS"] |= {
        "additionalProperties": False,
        "properties": {name: _condition(lexicon.load("tagset").get(name)) for name in get_args(Attribute)},
    }
    return made


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an optional field for TOML, which has no null."""
    if "anyOf" not in field:
        return field
    (value,) = (one for one in field.pop("anyOf") if one != {"type": "null"})
    field.pop("default")
    return {**field, **value}


def _condition(labels: list[str] | None) -> dict[str, Any]:
    """Return the schema of a condition on an attribute; ``labels`` are its values, if they are a closed set."""
    word: dict[str, Any] = {"type": "string"} if labels is None else {"enum": labels}
    words = {"type": "array", "items": word}
    forms: dict[str, Any] = {"IN": {**words, "minItems": 1}, "NOT_IN": words, "REGEX": {"type": "string"}}
    one = {"minProperties": 1, "maxProperties": 1, "additionalProperties": False}
    return {"anyOf": [word, {"type": "object", "properties": forms, **one}]}


def written() -> str:
    """Return the schema as its file has it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"
