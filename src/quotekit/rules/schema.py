"""The JSON schema of rule files, made from the models, for editors that complete and check TOML."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from quotekit import lexicon
from quotekit.lexicon.cues import Cue, Cues
from quotekit.rules.pattern import COLUMNS, RELATIONS
from quotekit.rules.rule import Rule


class RuleFile(BaseModel):
    """Rules and cues of one's own, for quotekit."""

    model_config = ConfigDict(extra="forbid", title="quotekit rule file")

    without: list[str] = Field(default=[], description="ids of rules to switch off")
    rule: list[Rule] = Field(default=[], description="rules to add")
    cue: list[Cue] = Field(default=[], description="cues to add to the lexicon")


def stored_schema() -> str:
    """The schema that comes with the package, as text.

    >>> json.loads(stored_schema())["title"]
    'quotekit rule file'
    """
    return (files("quotekit") / "data" / "rules.schema.json").read_text(encoding="utf-8")


def schema() -> dict[str, Any]:
    """The schema as the models and the lexicon have it now."""
    made = RuleFile.model_json_schema()
    frames = list(Cues.default().frames)
    rule, cue = (made["$defs"][name]["properties"] for name in ("Rule", "Cue"))
    rule["pattern"]["items"] = {"$ref": "#/$defs/Node"}
    rule["frame"]["anyOf"][0]["enum"] = [*frames, "statement"]
    cue["frames"]["propertyNames"] = {"enum": frames}
    made["$defs"]["Node"] = _node()
    # What explains itself to those who read Python says nothing in an editor.
    for one in made["$defs"].values():
        one["description"] = one.get("description", "").partition("\n\n")[0].replace("\n", " ")
    return made


def _node() -> dict[str, Any]:
    return {
        "type": "object",
        "title": "Node",
        "description": "One word of the pattern; every one but the first hangs on one before it.",
        "additionalProperties": False,
        "required": ["RIGHT_ID"],
        "properties": {
            "RIGHT_ID": {"type": "string", "minLength": 1, "description": "its name: cue, source, content or another"},
            "LEFT_ID": {"type": "string", "description": "the name of the node that it hangs on"},
            "REL_OP": {"enum": list(RELATIONS), "description": "how it hangs there: > is a child of, < the head of"},
            "RIGHT_ATTRS": {
                "type": "object",
                "additionalProperties": False,
                "properties": {key: _test(lexicon.load("tagset").get(key)) for key in COLUMNS},
            },
        },
    }


def _test(labels: list[str] | None) -> dict[str, Any]:
    word: dict[str, Any] = {"type": "string"} if labels is None else {"enum": labels}
    words = {"type": "array", "items": word}
    forms: dict[str, Any] = {"IN": {**words, "minItems": 1}, "NOT_IN": words, "REGEX": {"type": "string"}}
    tests = [
        {"type": "object", "additionalProperties": False, "required": [key], "properties": {key: form}}
        for key, form in forms.items()
    ]
    return {"anyOf": [word, *tests]}


def written() -> str:
    """The schema as its file has it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(written(), end="")
