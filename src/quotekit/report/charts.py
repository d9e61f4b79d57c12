"""Charts as static SVG, drawn from Vega-Lite specifications when the report is built.

Pages need no library to show them. The colours are CSS variables of the page, so that they follow its theme.
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

WIDTH = 360
"""Width of a chart in pixels, without labels."""

INK, QUIET, GRID, BAR = (f"var(--chart-{name})" for name in ("ink", "quiet", "grid", "bar"))

SVG = "{http://www.w3.org/2000/svg}"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def columns(name: str, title: str, summary: str, rows: Sequence[tuple[str, int]], ticks: Sequence[int]) -> str:
    """Draw vertical columns, one for each of ``rows``; only those at ``ticks`` are labelled.

    Args:
        name: id of the chart in its page: letters, digits and hyphens.
        title: title for screen readers.
        summary: what the chart shows, in a sentence.
        rows: labels and numbers, in their order.
        ticks: indices of the rows that are labelled.
    """
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
    return _svg(chart, name, title, summary, WIDTH)


def altair_needed() -> Any:
    """Return altair, which describes the charts.

    Raises:
        QuotekitError: altair, or vl-convert, which draws them, is not installed.
    """
    try:
        import altair

        # Altair uses it only for drawing, so it would be missed in the middle of a report.
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise QuotekitError(
            f"the charts of a report need altair and vl-convert, and {error.name!r} is not installed. "
            f"Run, {install('report')}"
        ) from error
    return altair


# Altair is untyped here because it is imported late.
def _axis(alt: Any, labels: Sequence[str], **options: Any) -> altair.Axis:
    """Return an axis with the numbers from 0 as ticks, named by ``labels``, so that labels may be equal."""
    given = {
        "title": None, "domain": False, "ticks": False, "grid": False, "gridColor": GRID, "domainColor": GRID,
        "labelColor": INK, "labelFontSize": 13, "labelPadding": 8, **options,
    }  # fmt: skip
    names = ", ".join(_vega_string(_text(label)) for label in labels)
    return alt.Axis(labelExpr=f"[{names}][datum.value]", **given)  # type: ignore[no-any-return]


def _vega_string(text: str) -> str:
    r"""Return ``text`` as a string of Vega's expression language.

    >>> print(_vega_string('a "b" \\'))
    "a \"b\" \\"
    """
    import json

    return json.dumps(text)


def _text(text: str) -> str:
    """Return ``text`` on one line, without characters that SVG cannot hold."""
    return _NOT_XML.sub("\ufffd", " ".join(text.split()))


def _svg(chart: Any, name: str, title: str, summary: str, width: int) -> str:
    """Draw the chart with a title and a summary, without ids and roles that a page must not repeat."""
    import vl_convert

    spec = chart.properties(width=width, background="transparent", padding=2).configure_view(stroke=None).to_dict()
    drawn = ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))
    for element in list(drawn.iter()):
        for attribute in list(element.attrib):
            # Screen readers get the chart as one image; the table beside it has the details.
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
            "aria-labelledby": f"{name}-title {name}-summary",
            "viewBox": " ".join(size),
            "width": size[2],
            "height": size[3],
        }
    )
    for i, (tag, text) in enumerate((("title", title), ("desc", summary))):
        part = ElementTree.Element(SVG + tag, {"id": f"{name}-{('title', 'summary')[i]}"})
        part.text = _text(text)
        drawn.insert(i, part)
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    return ElementTree.tostring(drawn, encoding="unicode")
