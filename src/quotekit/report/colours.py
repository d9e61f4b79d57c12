"""The colours of speakers, so that they can be told apart and read, on light paper and on dark.

The palette is Okabe and Ito's (see ``data/report/palette.json``). Contrast is that of WCAG 2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from quotekit.report.templates import asset

Scheme = Literal["light", "dark"]
RGB: TypeAlias = "tuple[int, int, int]"

LINE = 3.0
"""Least contrast of lines and shapes to what they stand on."""

TEXT = 4.5
"""Least contrast of text to what it stands on."""


@dataclass(frozen=True, slots=True)
class Shades:
    """A speaker's colour in one scheme, as ``#rrggbb``.

    Attributes:
        fill: the colour itself, of the speaker's badge.
        on: text on ``fill``.
        line: lines on the paper and on ``wash``.
        text: text on the paper and on ``wash``.
        wash: what quoted words stand on.
    """

    fill: str
    on: str
    line: str
    text: str
    wash: str


@cache
def palette() -> Any:
    """What ``data/report/palette.json`` holds. Callers share the object and must not change it."""
    return json.loads(asset("palette.json"))


@cache
def shades(colour: str, scheme: Scheme) -> Shades:
    """The variants of a colour that can be read in ``scheme``.

    >>> shades("#0072B2", "light").wash
    '#bfdcec'
    """
    base = rgb(colour)
    settings = palette()["schemes"][scheme]
    paper, ink = rgb(settings["paper"]), rgb(settings["ink"])
    wash = mixed(paper, base, settings["wash"])
    ends = (rgb("#000000"), rgb("#FFFFFF"))
    return Shades(
        fill=_hex(base),
        on=_hex(max(ends, key=lambda end: contrast(end, base))),
        line=_hex(_readable(base, ink, (paper, wash), LINE)),
        text=_hex(_readable(base, ink, (paper, wash), TEXT)),
        wash=_hex(wash),
    )


def speaker_styles() -> str:
    """Style rules that give the classes ``c0``, ``c1``, … (speakers) and ``nobody`` their colours in both schemes."""
    return "\n".join((_rules("light"), "@media screen and (prefers-color-scheme: dark) {", _rules("dark"), "}"))


def _rules(scheme: Scheme) -> str:
    named = {f".c{i}": colour for i, colour in enumerate(palette()["speakers"])} | {".nobody": palette()["nobody"]}
    lines = []
    for selector, colour in named.items():
        one = shades(colour, scheme)
        lines.append(
            f"{selector} {{ --fill: {one.fill}; --on: {one.on}; --line: {one.line}; --text: {one.text}; "
            f"--wash: {one.wash}; }}"
        )
    return "\n".join(lines)


def rgb(colour: str) -> RGB:
    """
    >>> rgb("#0072B2")
    (0, 114, 178)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _hex(colour: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mixed(a: RGB, b: RGB, share: float) -> RGB:
    """``a`` with a ``share`` (0 to 1) of ``b`` in it.

    >>> mixed((0, 0, 0), (100, 200, 50), 0.5)
    (50, 100, 25)
    """
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def contrast(a: RGB, b: RGB) -> float:
    """How well two colours stand out from each other, 1 to 21 (WCAG 2).

    >>> round(contrast((0, 0, 0), (255, 255, 255)))
    21
    """
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: RGB) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _readable(base: RGB, ink: RGB, grounds: tuple[RGB, ...], least: float) -> RGB:
    """``base`` with as little of ``ink`` in it as stands out from all ``grounds`` by ``least``."""
    for step in range(101):
        colour = mixed(base, ink, step / 100)
        if min(contrast(colour, ground) for ground in grounds) >= least:
            return colour
    return ink
