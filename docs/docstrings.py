"""Makes docstrings fit for the reference; mkdocstrings loads it as an extension of griffe.

A docstring's ``>>>`` lines are Markdown for a quotation of a quotation: they are put into fences. A pydantic field says
what it is in its ``description``: that becomes its docstring.
"""

from __future__ import annotations

import re
from typing import Any

import griffe
from pydantic import BaseModel

import quotekit

EXAMPLE = re.compile(r"^>>> .*(?:\n(?!\n).+)*", re.MULTILINE)


class Docstrings(griffe.Extension):
    """Puts fences around examples, and gives fields their descriptions."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Called for everything that has been read."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(lambda example: f"```python\n{example[0]}\n```", obj.docstring.value)

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Called for every class, its members included."""
        model = getattr(quotekit, cls.name, None)
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return
        for name, field in model.model_fields.items():
            shown = cls.members.get(name)
            if not isinstance(shown, griffe.Attribute):
                continue
            if field.description:
                shown.docstring = griffe.Docstring(field.description, parent=shown)
            # The default itself, and not the call of Field that holds it; the choices, and not their name.
            shown.value = None if field.is_required() else repr(field.default)
            shown.labels.clear()
            if "Literal" in str(field.annotation):
                choices = str(field.annotation).replace("typing.", "")
                shown.annotation = re.sub(r"^Optional\[(.*)\]$", r"\1 | None", choices)
