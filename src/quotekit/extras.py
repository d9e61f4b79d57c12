"""Optional libraries."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from quotekit.errors import QuotekitError


def install(extra: str) -> str:
    """Return how to install an extra, as a message ends.

    >>> print(f"Run, {install('parquet')}")
    Run, in a checkout of quotekit: python -m pip install ".[parquet]"
    """
    return f'in a checkout of quotekit: python -m pip install ".[{extra}]"'


def optional(module: str, extra: str, what: str) -> Any:
    """Import and return an optional module.

    Args:
        module: the name of the module, with dots.
        extra: the extra of quotekit that installs it.
        what: what needs it; the message begins with this.

    Raises:
        QuotekitError: the module is missing or broken.

    >>> optional("json.decoder", "parquet", "Parquet").__name__
    'json.decoder'
    >>> optional("no_such", "parquet", "Parquet")
    Traceback (most recent call last):
      ...
    quotekit.errors.QuotekitError: Parquet needs no_such (...). Run, in a checkout of quotekit: ...
    """
    try:
        return import_module(module)
    except ImportError as error:
        needed = f"{what} needs {module.partition('.')[0]} ({error})"
        raise QuotekitError(f"{needed}. Run, {install(extra)}") from error
