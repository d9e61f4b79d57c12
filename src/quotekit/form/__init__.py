"""What kind of document a text is, and who holds the floor in it."""

from quotekit.form.reading import read_form
from quotekit.form.types import Form, FormKind, Section, Turn

__all__ = ["Form", "FormKind", "Section", "Turn", "read_form"]
