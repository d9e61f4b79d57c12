"""Libraries that not every installation has."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from quotekit.errors import QuotekitError


def optional(module: str, extra: str, what: str) -> Any:
    """The module, imported when it is needed: most of quotekit does without.

    Args:
        module: its name, with dots.
        extra: the extra of quotekit that brings it.
        what: what needs it, as the message begins.

    Raises:
        QuotekitError: it is not installed, or is broken.

    >>> optional("json.decoder", "parquet", "Parquet").__name__
    'json.decoder'
    >>> optional("no_such", "parquet", "Parquet")
    Traceback (most recent call last):
      ...
    quotekit.errors.QuotekitError: Parquet needs no_such (...). Run: python -m pip install 'quotekit-nlp[parquet]'
    """
    try:
        return import_module(module)
    except ImportError as error:
        needed = f"{what} needs {module.partition('.')[0]} ({error})"
        raise QuotekitError(f"{needed}. Run: python -m pip install 'quotekit-nlp[{extra}]'") from error
