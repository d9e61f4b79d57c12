"""Assertions for tests: of one rule in a line, of whole articles in a few.

>>> check("<content>“It works,”</content> <cue>said</cue> <source>Ann Lee</source>.", rule="en.direct.verb-after")
>>> check("<name>Ann Lee</name> came. <source>She</source> said it works.", rule="speaker.pronoun.person")
>>> assert_quotes("“It works,” said Ann Lee.", [{"kind": "direct", "speaker": "Ann Lee"}])
"""

from quotekit.testing.cases import Case, read_cases
from quotekit.testing.checking import check
from quotekit.testing.quotes import Checker, assert_quotes

__all__ = ["Case", "Checker", "assert_quotes", "check", "read_cases"]
