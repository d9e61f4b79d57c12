"""What kind of document a text is, and who holds the floor in it."""

from quotekit.form.reading import read_form as read_form
from quotekit.form.types import Block as Block
from quotekit.form.types import Form as Form
from quotekit.form.types import FormKind as FormKind
from quotekit.form.types import Section as Section
from quotekit.form.types import Turn as Turn
from quotekit.form.types import Voice as Voice
