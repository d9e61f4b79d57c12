"""Tests out of rule files and golden cases: a file, in it its rules or cases, in a rule its examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from quotekit.article.parse import Parse
from quotekit.article.stored_parses import StoredParses
from quotekit.errors import QuotekitError
from quotekit.extractor import Extractor
from quotekit.rules import Rule, RuleSet
from quotekit.rules.markup import plain_text
from quotekit.testing import assert_quotes
from quotekit.testing.cases import Case, Settings, read_cases
from quotekit.testing.checking import check_and_note

FILE_FAULTS = (QuotekitError, ValueError, OSError)
"""What reading a file raises if the file is wrong."""
EXPECTED_FAULTS = (AssertionError, QuotekitError)
"""What speaks for itself in a test: where in the code it was raised is of no use to who wrote the file."""

EXTRACTORS = pytest.StashKey[dict[Settings, Extractor]]()
RULE_FILES = pytest.StashKey[dict[Path, None]]()
"""In order; a set would be in none."""


class FileError(QuotekitError):
    """A file that a test needs is not right, or not there."""


@contextmanager
def _reading() -> Iterator[None]:
    """Around what only reads files: elsewhere in a test the same types of error are quotekit's own faults."""
    try:
        yield
    except FILE_FAULTS as error:
        raise FileError(str(error)) from error


class _File(pytest.File):
    """A file of tests that is no Python; stored parses beside it are read when the first test needs one."""

    @cached_property
    def frozen(self) -> StoredParses:
        with _reading():
            return StoredParses.of(self.path)

    def parse_of(self, text: str) -> Parse | None:
        """The stored parse of ``text``, if there is one."""
        if text not in self.frozen:
            return None
        return self.frozen[text]

    def line_of(self, pattern: str) -> int | None:
        """The first line (from 0) that ``pattern`` matches."""
        source = self.path.read_text(encoding="utf-8", errors="replace")
        found = re.search(pattern, source, re.MULTILINE)
        return source.count("\n", 0, found.start()) if found else None


class RuleFile(_File):
    """The rules of a file; one that is not valid is a single test, which fails."""

    rules: RuleSet

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Its rules; where there is nothing to try, that it loads is the test."""
        self.session.stash.setdefault(RULE_FILES, {})[self.path] = None
        try:
            own = RuleSet.from_file(self.path, examples=False)
            self.rules = rules_with(self.path)
            Extractor(rules=self.rules)
        except FILE_FAULTS as error:
            return [Loads.from_parent(self, name="loads", error=error)]
        nodes = [RuleNode.from_parent(self, name=rule.id, rule=rule) for rule in own if rule.matches or rule.rejects]
        return nodes or [Loads.from_parent(self, name="loads")]


class RuleNode(pytest.Collector):
    """A rule; its tests are its examples."""

    parent: RuleFile

    def __init__(self, *, rule: Rule, **options: Any) -> None:
        super().__init__(**options)
        self.rule = rule

    def collect(self) -> Iterable[pytest.Item]:
        """A test for each example, numbered from 0."""
        line = self.parent.line_of(rf"""\bid["']?\s*[=:]\s*["']{re.escape(self.rule.id)}["']""")
        for group in ("matches", "rejects"):
            for place, markup in enumerate(getattr(self.rule, group)):
                name = f"{group}[{place}]"
                # Newer pytests take the bracket apart when they read an id, not when they make one: `--lf` compares.
                nodeid = f"{self.nodeid}::{name}"
                yield Example.from_parent(self, name=name, nodeid=nodeid, markup=markup, line=line)


class CaseFile(_File):
    """The golden cases of a file; one that is not valid is a single test, which fails."""

    def collect(self) -> Iterable[pytest.Item]:
        """Its cases."""
        try:
            cases = read_cases(self.path)
        except FILE_FAULTS as error:
            return [Loads.from_parent(self, name="loads", error=error)]
        rules = cases[0].settings.rules
        if rules is not None:
            self.session.stash.setdefault(RULE_FILES, {})[rules] = None
        return [CaseItem.from_parent(self, name=case.name, case=case) for case in cases]


class _Item(pytest.Item):
    """A test whose failure is a message."""

    line: int | None = None

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """File, line from 0, and a heading; not the end of the id, in which pytest takes stops for classes."""
        return self.path, self.line, f"{self.parent.name if self.parent else ''}: {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The message alone; of a fault of quotekit's own the traceback too, without what of it is pytest's."""
        if isinstance(excinfo.value, EXPECTED_FAULTS):
            return str(excinfo.value)
        excinfo.traceback = excinfo.traceback.cut(path=__file__)
        return super().repr_failure(excinfo, style)


class Loads(_Item):
    """That a file is valid."""

    def __init__(self, *, error: Exception | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.error = error

    def runtest(self) -> None:
        """Fails with the error that the file has."""
        if self.error is not None:
            raise FileError(str(self.error)) from self.error


class Example(_Item):
    """One example of a rule."""

    parent: RuleNode

    def __init__(self, *, markup: str, line: int | None, **options: Any) -> None:
        super().__init__(**options)
        self.markup = markup
        self.line = line

    def runtest(self) -> None:
        """As `quotekit.testing.check`, among the built-in rules and those of the file."""
        rule, file = self.parent.rule, self.parent.parent
        parse = file.parse_of(plain_text(self.markup))
        decides = rule.kind != "speaker" or self.name.startswith("matches")
        check_and_note(file.rules, self.markup, rule, parse, decides)


class CaseItem(_Item):
    """One golden case."""

    parent: CaseFile

    def __init__(self, *, case: Case, **options: Any) -> None:
        super().__init__(**options)
        self.case = case
        self.line = case.line - 1

    def runtest(self) -> None:
        """As `quotekit.testing.assert_quotes`, with the settings of the file."""
        case = self.case
        extractor = _extractor(self.session, case.settings)
        parse = self.parent.parse_of(case.text)
        assert_quotes(case.text, case.expected, extractor=extractor, exact=case.settings.exact, parse=parse)


def _extractor(session: pytest.Session, settings: Settings) -> Extractor:
    """One for each combination of settings that a run has."""
    made = session.stash.setdefault(EXTRACTORS, {})
    if settings not in made:
        with _reading():
            rules = None if settings.rules is None else rules_with(settings.rules)
        made[settings] = Extractor(rules=rules, encoder=settings.encoder, attitudes=settings.attitudes)
    return made[settings]


def rules_with(path: Path) -> RuleSet:
    """The built-in rules with those of a file; its examples are for the tests to try."""
    return RuleSet.default().with_file(path, examples=False)
