"""The colours of speakers, in a light and a dark scheme, as ``data/report/palette.json`` has them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Literal

from quotekit.report.templates import asset

Scheme = Literal["light", "dark"]


@cache
def palette() -> Any:
    """Return the palette. Callers share the object and must not change it."""
    return json.loads(asset("palette.json"))


def speaker_styles() -> str:
    """Return CSS rules that give the classes ``c0``, ``c1``, … (speakers), ``rest`` and ``nobody`` their colours."""
    return "\n".join((_rules("light"), "@media screen and (prefers-color-scheme: dark) {", _rules("dark"), "}"))


def _rules(scheme: Scheme) -> str:
    colours = {f".c{i}": colour for i, colour in enumerate(palette()["speakers"])}
    colours[".rest, .nobody"] = palette()["nobody"]
    return "\n".join(
        f"{selector} {{ {' '.join(f'--{name}: {shade};' for name, shade in colour[scheme].items())} }}"
        for selector, colour in colours.items()
    )
