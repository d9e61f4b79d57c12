"""The command line: one module a command."""

from quotekit.cli.commands import app as app
from quotekit.cli.commands import main as main
