"""The command line: one module a command."""

from quotekit.cli.commands import app, main

__all__ = ["app", "main"]
