"""Charts as static SVG: Vega-Lite specifications, drawn when the report is built.

A page needs no library to show them. Their colours are CSS variables of the page, so that they follow its theme.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from quotekit.errors import QuotekitError
from quotekit.extras import install

if TYPE_CHECKING:
    import altair

WIDTH = 250
"""Pixels that bars and circles take, labels aside."""

LABELS = 140
"""Pixels that labels beside a chart may take; longer ones end in "…"."""

LEFT = 164
"""Pixels kept for them, so that all charts begin alike; more than `LABELS`, as a reader's font may be wider."""

INK, QUIET, GRID, BAR = (f"var(--chart-{name})" for name in ("ink", "quiet", "grid", "bar"))

SVG = "{http://www.w3.org/2000/svg}"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def bars(name: str, title: str, told: str, rows: Sequence[tuple[str, int]]) -> str:
    """Horizontal bars, one for each of ``rows`` (label and number), in their order.

    Args:
        name: names the chart in its page: letters, digits and hyphens.
        title: what a screen reader calls it.
        told: what it shows, in a sentence.
        rows: labels may be any text; two that are equal get two bars.
    """
    alt = altair_needed()
    data = alt.Data(values=[{"row": i, "label": _text(label), "n": n} for i, (label, n) in enumerate(rows)])
    base = alt.Chart(data, height=alt.Step(26)).encode(y=_labels(alt, "row:O", [label for label, _ in rows]))
    most = max((n for _, n in rows), default=1)
    # The number stands at the bar's end, so the scale leaves room for it.
    x = alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, most * 1.16], nice=False, zero=True))
    marks = base.mark_bar(color=BAR, height=16).encode(x=x)
    numbers = base.mark_text(align="left", dx=6, color=INK, fontSize=13).encode(x=x, text=alt.Text("n:Q", format=","))
    return _svg(alt.layer(marks, numbers), name, title, told, WIDTH)


def dots(
    name: str, title: str, told: str, rows: Sequence[str], columns: Sequence[str], numbers: Sequence[Sequence[int]]
) -> str:
    """A circle for each row and column, of an area that grows with the number; the other arguments as in `bars`."""
    alt = altair_needed()
    values = [{"row": i, "column": j, "n": n} for i, row in enumerate(numbers) for j, n in enumerate(row) if n]
    x = alt.X(
        "column:O",
        axis=_axis(alt, columns, orient="top", labelAngle=-40),
        scale=alt.Scale(domain=[*range(len(columns))]),
    )
    size = alt.Size("n:Q", scale=alt.Scale(type="linear", range=[6, 520], zero=True), legend=None)
    chart = (
        alt.Chart(alt.Data(values=values), height=alt.Step(28))
        .mark_circle(color=BAR, opacity=1)
        .encode(y=_labels(alt, "row:O", rows, grid=True), x=x, size=size)
    )
    return _svg(chart, name, title, told, WIDTH)


def columns(name: str, title: str, told: str, rows: Sequence[tuple[str, int]], ticks: Sequence[int]) -> str:
    """Columns side by side, one for each of ``rows``; only those at ``ticks`` are labelled."""
    alt = altair_needed()
    data = alt.Data(values=[{"row": i, "n": n} for i, (_, n) in enumerate(rows)])
    axis = _axis(alt, [label for label, _ in rows], values=list(ticks), labelAngle=0, labelFlush=True, domain=True)
    most = max((n for _, n in rows), default=1)
    counts = alt.Axis(
        title=None, grid=True, gridColor=GRID, domain=False, ticks=False, labelColor=QUIET, labelFontSize=12,
        tickCount=min(4, most), format=",d", labelPadding=6, tickMinStep=1,
    )  # fmt: skip
    chart = (
        alt.Chart(data, height=190)
        .mark_bar(color=BAR)
        .encode(
            x=alt.X("row:O", axis=axis, scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1)),
            y=alt.Y("n:Q", axis=counts, scale=alt.Scale(zero=True)),
        )
    )
    return _svg(chart, name, title, told, WIDTH + 110)


def altair_needed() -> Any:
    """The library that charts are described with.

    Raises:
        QuotekitError: it, or what draws them, is not installed.
    """
    try:
        import altair

        # Altair draws with it, and would miss it only in the middle of a report.
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise QuotekitError(
            f"the charts of a report need altair and vl-convert, and {error.name!r} is not installed. "
            f"Run, {install('report')}"
        ) from error
    return altair


# The library is handed on untyped, as it is loaded late.
def _labels(alt: Any, field: str, labels: Sequence[str], **options: Any) -> altair.Y:
    return alt.Y(field, axis=_axis(alt, labels, minExtent=LEFT, maxExtent=LEFT, **options), sort=None)  # type: ignore[no-any-return]


def _axis(alt: Any, labels: Sequence[str], **options: Any) -> altair.Axis:
    """An axis whose ticks are numbers from 0, told by ``labels``: so texts can be equal, and need no quoting."""
    given = {
        "title": None, "domain": False, "ticks": False, "grid": False, "gridColor": GRID, "domainColor": GRID,
        "labelColor": INK, "labelFontSize": 13, "labelLimit": LABELS, "labelPadding": 8, **options,
    }  # fmt: skip
    names = ", ".join(_vega_string(_text(label)) for label in labels)
    return alt.Axis(labelExpr=f"[{names}][datum.value]", **given)  # type: ignore[no-any-return]


def _vega_string(text: str) -> str:
    r"""``text`` as a string of Vega's expression language.

    >>> print(_vega_string('a "b" \\'))
    "a \"b\" \\"
    """
    import json

    return json.dumps(text)


def _text(text: str) -> str:
    """``text`` on one line, without what no SVG can hold."""
    return _NOT_XML.sub("\ufffd", " ".join(text.split()))


def _svg(chart: Any, name: str, title: str, told: str, width: int) -> str:
    """The chart drawn, with a title and a description, and without anything that a page must not hold twice."""
    import vl_convert

    spec = chart.properties(width=width, background="transparent", padding=2).configure_view(stroke=None).to_dict()
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))
    for element in list(drawn.iter()):
        for attribute in list(element.attrib):
            # The image is one thing to a screen reader: its table tells the rest.
            if attribute == "role" or attribute.startswith("aria-") or attribute in ("class", "font-family"):
                del element.attrib[attribute]
        for child in list(element):
            if child.get("display") == "none" or child.get("d") == "M0,0h0v0h0Z":
                element.remove(child)
    size = drawn.get("viewBox", "").split()
    drawn.attrib.clear()
    drawn.attrib.update(
        {
            "class": "chart",
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-told",
            "viewBox": " ".join(size),
            "width": size[2],
            "height": size[3],
        }
    )
    for i, (tag, text) in enumerate((("title", title), ("desc", told))):
        part = ElementTree.Element(SVG + tag, {"id": f"{name}-{('title', 'told')[i]}"})
        part.text = _text(text)
        drawn.insert(i, part)
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    return ElementTree.tostring(drawn, encoding="unicode")
