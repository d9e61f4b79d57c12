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
            if field.description and name in cls.members:
                cls.members[name].docstring = griffe.Docstring(field.description, parent=cls)
