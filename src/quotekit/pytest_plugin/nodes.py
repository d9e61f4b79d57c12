"""Test nodes: files with their rules or cases, and rules with their examples."""

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
"""Errors of a file that is not valid."""
EXPECTED_FAULTS = (AssertionError, QuotekitError)
"""Errors that are shown without a traceback, since their cause is in the tested file."""

EXTRACTORS = pytest.StashKey[dict[Settings, Extractor]]()
RULE_FILES = pytest.StashKey[dict[Path, None]]()
"""The rule files of the run, in order."""


class FileError(QuotekitError):
    """A file that a test needs is not valid, or missing."""


@contextmanager
def _reading() -> Iterator[None]:
    """Turn errors of reading files into `FileError`; elsewhere the same types are bugs of quotekit."""
    try:
        yield
    except FILE_FAULTS as error:
        raise FileError(str(error)) from error


class _File(pytest.File):
    """A file of tests that is not Python, with the stored parses beside it."""

    @cached_property
    def frozen(self) -> StoredParses:
        with _reading():
            return StoredParses.of(self.path)

    def parse_of(self, text: str) -> Parse | None:
        """Return the stored parse of ``text``, if there is one."""
        if text not in self.frozen:
            return None
        return self.frozen[text]

    def line_of(self, pattern: str) -> int | None:
        """Return the first line (from 0) that ``pattern`` matches."""
        source = self.path.read_text(encoding="utf-8", errors="replace")
        found = re.search(pattern, source, re.MULTILINE)
        return source.count("\n", 0, found.start()) if found else None


class RuleFile(_File):
    """A rule file; one that is not valid is a single failing test."""

    rules: RuleSet

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Return its rules, or a test that the file loads if they have no examples."""
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
    """A rule, whose tests are its examples."""

    parent: RuleFile

    def __init__(self, *, rule: Rule, **options: Any) -> None:
        super().__init__(**options)
        self.rule = rule

    def collect(self) -> Iterable[pytest.Item]:
        """Yield a test for each example, numbered from 0."""
        line = self.parent.line_of(rf"""\bid["']?\s*[=:]\s*["']{re.escape(self.rule.id)}["']""")
        for group in ("matches", "rejects"):
            for place, markup in enumerate(getattr(self.rule, group)):
                name = f"{group}[{place}]"
                # Newer versions of pytest split the bracket when they parse an id, not when they make one, for --lf.
                nodeid = f"{self.nodeid}::{name}"
                yield Example.from_parent(self, name=name, nodeid=nodeid, markup=markup, line=line)


class CaseFile(_File):
    """A file of cases; one that is not valid is a single failing test."""

    def collect(self) -> Iterable[pytest.Item]:
        """Return its cases."""
        try:
            cases = read_cases(self.path)
        except FILE_FAULTS as error:
            return [Loads.from_parent(self, name="loads", error=error)]
        rules = cases[0].settings.rules
        if rules is not None:
            self.session.stash.setdefault(RULE_FILES, {})[rules] = None
        return [CaseItem.from_parent(self, name=case.name, case=case) for case in cases]


class _Item(pytest.Item):
    """A test that fails with a message."""

    line: int | None = None

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return file, line (from 0) and heading, which is not the id's end: pytest would split that at full stops."""
        return self.path, self.line, f"{self.parent.name if self.parent else ''}: {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the message alone, or for a bug of quotekit the traceback without pytest's part."""
        if isinstance(excinfo.value, EXPECTED_FAULTS):
            return str(excinfo.value)
        excinfo.traceback = excinfo.traceback.cut(path=__file__)
        return super().repr_failure(excinfo, style)


class Loads(_Item):
    """A test that a file is valid."""

    def __init__(self, *, error: Exception | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.error = error

    def runtest(self) -> None:
        """Fail with the error of the file, if it has one."""
        if self.error is not None:
            raise FileError(str(self.error)) from self.error


class Example(_Item):
    """An example of a rule."""

    parent: RuleNode

    def __init__(self, *, markup: str, line: int | None, **options: Any) -> None:
        super().__init__(**options)
        self.markup = markup
        self.line = line

    def runtest(self) -> None:
        """Run `quotekit.testing.check` among the built-in rules and those of the file."""
        rule, file = self.parent.rule, self.parent.parent
        parse = file.parse_of(plain_text(self.markup))
        decides = rule.kind != "speaker" or self.name.startswith("matches")
        check_and_note(file.rules, self.markup, rule, parse, decides)


class CaseItem(_Item):
    """A golden case."""

    parent: CaseFile

    def __init__(self, *, case: Case, **options: Any) -> None:
        super().__init__(**options)
        self.case = case
        self.line = case.line - 1

    def runtest(self) -> None:
        """Run `quotekit.testing.assert_quotes` with the settings of the file."""
        case = self.case
        extractor = _extractor(self.session, case.settings)
        parse = self.parent.parse_of(case.text)
        assert_quotes(case.text, case.expected, extractor=extractor, exact=case.settings.exact, parse=parse)


def _extractor(session: pytest.Session, settings: Settings) -> Extractor:
    """Return the extractor for these settings, which is made once in a run."""
    made = session.stash.setdefault(EXTRACTORS, {})
    if settings not in made:
        with _reading():
            rules = None if settings.rules is None else rules_with(settings.rules)
        made[settings] = Extractor(rules=rules, encoder=settings.encoder, attitudes=settings.attitudes)
    return made[settings]


def rules_with(path: Path) -> RuleSet:
    """Return the built-in rules with those of a file, whose examples are not tried here."""
    return RuleSet.default().with_file(path, examples=False)
