"""Quotes in a notebook."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys

import pytest

from quotekit import Position, Quote, Speaker, TextSpan
from quotekit.report import article_page, show

TEXT = "It works, said Ann Lee."
SPAN = TextSpan.of(TEXT, (0, 8))
QUOTE = Quote(id="q1", kind="indirect", act="statement", text=SPAN.text, content=(SPAN,), confidence=0.914,
              position=Position(start=0, end=8, paragraph=0, sentence=0), rule="en.clause",
              source=TextSpan.of(TEXT, (15, 22)), verb="say")  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "It works “Ann Lee” · indirect · say · 91% sure · en.clause · q1"),
        ({"source": None, "verb": None}, "It works nobody named · indirect · 91% sure · en.clause · q1"),
        (
            {"speaker": Speaker(id="s1", name="Ann Lee", role="mayor", country="EE"), "act": "attitude"},
            "It works Ann Lee, mayor (Estonia) · indirect attitude · say · 91% sure · en.clause · q1",
        ),
        ({"speaker": Speaker(id="s1", name="Ann Lee"), "speaker_confidence": 0.512},
         "It works Ann Lee? · indirect · say · 91% sure, the speaker 51% · en.clause · q1"),
        ({"speaker": Speaker(id="s1", name="Ann <Lee>")},
         "It works Ann <Lee> · indirect · say · 91% sure · en.clause · q1"),
    ],
)  # fmt: skip
def test_quote_as_html(fields: dict[str, object], shown: str) -> None:
    page = QUOTE.model_copy(update=fields)._repr_html_()
    words = re.sub(r"<[^<>]*>", "", page.replace("</div>", " "))
    assert " ".join(html.unescape(words).split()) == shown


def test_article_is_shown_in_a_frame() -> None:
    shown = show(TEXT, (quote for quote in [QUOTE]), title="Works", height=300)
    framed = shown._repr_html_()
    (inside,) = re.findall(r'srcdoc="([^"]*)"', framed)
    assert html.unescape(inside) == shown.page == article_page(TEXT, [QUOTE], title="Works")
    assert 'sandbox="allow-scripts"' in framed
    assert "height: 300px" in framed
    assert repr(shown) == "<article with 1 quote, displayed in notebooks>"


def test_quotes_do_not_import_the_report() -> None:
    code = "import json, sys, quotekit.models; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not [name for name in json.loads(done.stdout) if name.startswith(("jinja2", "quotekit.report"))]
