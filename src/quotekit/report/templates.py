"""The templates, styles and scripts of all pages."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def asset(name: str) -> str:
    """Return a file of ``quotekit/data/report``, with line feeds as line ends.

    >>> asset("palette.json")[:1]
    '{'
    """
    return (files("quotekit") / "data" / "report" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def environment() -> Environment:
    """Return the templates. They escape all values, and an undefined variable is an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from quotekit.report.characters import plain, runs

    made = Environment(
        autoescape=True,
        loader=FunctionLoader(asset),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["runs"] = runs
    made.filters["plain"] = plain
    return made


def policy(style: str, script: str = "", *, forms: bool = False) -> str:
    """Return a Content-Security-Policy that allows only these styles and this script.

    With ``forms``, a form may open another page.

    >>> policy("p { color: red }").partition(";")[0]
    "default-src 'none'"
    """
    parts = ["default-src 'none'", f"style-src {_source(style)}"]
    parts += [f"script-src {_source(script)}"] if script else []
    parts += ["base-uri 'none'"] + ([] if forms else ["form-action 'none'"])
    return "; ".join(parts)


def _source(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode('ascii')}'"
