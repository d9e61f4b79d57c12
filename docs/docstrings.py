"""Prepares docstrings for the reference; mkdocstrings loads this module as an extension of griffe.

``>>>`` lines of a docstring would be quotations in Markdown, so they are put into fences. The ``description`` of a
pydantic field becomes its docstring.
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
        """Put fences around the examples of a docstring."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(lambda example: f"```python\n{example[0]}\n```", obj.docstring.value)

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Give the fields of a pydantic model their docstrings, defaults and types."""
        model = getattr(quotekit, cls.name, None)
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return
        for name, field in model.model_fields.items():
            shown = cls.members.get(name)
            if not isinstance(shown, griffe.Attribute):
                continue
            if field.description:
                shown.docstring = griffe.Docstring(field.description, parent=shown)
            # Show the default instead of the call of Field, and the choices instead of their alias.
            shown.value = None if field.is_required() else repr(field.default)
            shown.labels.clear()
            if "Literal" in str(field.annotation):
                choices = str(field.annotation).replace("typing.", "")
                shown.annotation = re.sub(r"^Optional\[(.*)\]$", r"\1 | None", choices)
