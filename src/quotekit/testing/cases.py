"""Golden cases: articles with their quotes marked, in text files (``.quotes.txt``).

A file holds several cases. A case is a line ``=== name`` and the article with its quotes in inline markup (see
`quotekit.rules.markup.read_story`). After a line ``---`` further fields can follow, one a line::

    # Lines like this one are comments.
    rules: my_rules.toml

    === the envoy on the harbour
    <source 1>Marta Ellin</source> <cue 1>said</cue> <content 1>the port would stay open</content>.

    “<content 2>Nobody will close it,</content>” <source 2>she</source> <cue 2>added</cue>.
    ---
    2 speaker: Marta Ellin
    2 kind: direct

The quotes that are found must be those that are marked, to the character. In a case without markup nothing may be
found.

Settings come before the first case and apply to the whole file: ``rules`` (a rule file, relative to the folder of this
file), ``encoder``, ``attitudes`` and ``exact`` (``yes`` or ``no``; see `quotekit.testing.assert_quotes`). In an article
a line that begins with ``===``, ``---``, ``#`` or a backslash is escaped by a backslash. Comments are allowed before
the article and after ``---``, not inside the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, get_args

from quotekit.errors import near
from quotekit.models import Act, QuoteKind
from quotekit.rules.markup import Annotated, read_story

if TYPE_CHECKING:
    from quotekit.testing.expected import Expected

SUFFIX = ".quotes.txt"

_BLANKS = " \t"
_RULER = re.compile(r"---+[ \t]*")
_ESCAPED = re.compile(r"^\\(?=={3}|-{3}|#|\\)")
# Only the part before a value. A pattern for the blanks around the value would take quadratic time.
_SETTING = re.compile(r"(?P<key>[\w-]+)[ \t]*:")
_FIELD = re.compile(r"(?P<id>[\w-]+)[ \t]+(?P<key>[\w-]+)[ \t]*:")

SETTINGS = ("rules", "encoder", "attitudes", "exact")
FIELDS = ("speaker", "kind", "verb", "act", "rule", "role", "country")
NONE = "none"
_SPEAKERS = {"speaker": "name", "role": "role", "country": "country"}
_CHOICES: dict[str, tuple[str, ...]] = {"kind": get_args(QuoteKind), "act": get_args(Act)}
_OPTIONAL = ("speaker", "verb", "role", "country")
_COUNTRY = re.compile("[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a file: its rules and the options of the extractor."""

    rules: Path | None = None
    encoder: bool = True
    attitudes: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case.

    Attributes:
        name: the name, unique in its file.
        line: the line of the header in the file, from 1.
        text: the article, without markup.
        story: the marked attributions, by id.
        fields: further expected fields, by id: names and values, ``None`` for "none".
        settings: the settings of the file.
    """

    name: str
    line: int
    text: str
    story: dict[str, Annotated]
    fields: dict[str, dict[str, str | None]] = field(default_factory=dict)
    settings: Settings = Settings()

    @property
    def expected(self) -> list[Expected]:
        """The expected quotes, for `quotekit.testing.assert_quotes`."""
        from quotekit.testing.expected import Expected, of_story

        merged = []
        for one in of_story(self.text, self.story, self.settings.exact):
            fields: dict[str, Any] = dict(one.fields)
            own = self.fields.get(one.label, {})
            fields.update((key, value) for key, value in own.items() if key not in _SPEAKERS)
            speaker = {_SPEAKERS[key]: value for key, value in own.items() if key in _SPEAKERS}
            if speaker:
                fields["speaker"] = None if own.get("speaker", "") is None else speaker
            merged.append(Expected(one.label, fields))
        return merged


def read_cases(path: str | Path) -> list[Case]:
    """Return the cases of a file, in order.

    Raises:
        ValueError: the file is not valid; the message names file and line.
        OSError: the file cannot be read.
    """
    path = Path(path)
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: not UTF-8: {error.reason} at byte {error.start}; save it as UTF-8") from error
    return parse_cases(source, path.name, path.parent)


def parse_cases(source: str, where: str = "cases", folder: Path | None = None) -> list[Case]:
    """Return the cases in a text; ``where`` is its name in messages, and its paths are relative to ``folder``.

    >>> case, = parse_cases("=== rain\\n<source 1>Ann Lee</source> said <content 1>it rained</content>.\\n")
    >>> case.name, case.text, list(case.story)
    ('rain', 'Ann Lee said it rained.', ['1'])
    """
    return list(_Reader(source, where, folder or Path()).cases())


class _Reader:
    def __init__(self, source: str, where: str, folder: Path) -> None:
        self._where = where
        self._folder = folder
        self._lines = source.split("\n")

    def cases(self) -> Iterator[Case]:
        headers = [at for at, line in enumerate(self._lines) if line.startswith("===")]
        if not headers:
            self._fail(0, "no case; begin one with a line '=== name'")
        settings = self._settings(range(headers[0]))
        names: dict[str, int] = {}
        for first, last in zip(headers, [*headers[1:], len(self._lines)], strict=True):
            case = self._case(first, last, settings)
            if case.name in names:
                self._fail(first, f"a second case {case.name!r}: the first is in line {names[case.name]}")
            names[case.name] = case.line
            yield case

    def _settings(self, lines: Iterable[int]) -> Settings:
        found: dict[str, Any] = {}
        expected = "a setting ('encoder: no'), a comment or a case ('=== name')"
        for at, match, value in self._entries(lines, _SETTING, expected):
            key = match["key"]
            self._one_of(at, "setting", key, SETTINGS)
            if key in found:
                self._fail(at, f"the setting {key!r} is given twice")
            if not value:
                self._fail(at, f"the setting {key!r} has no value")
            if key == "rules":
                found[key] = Path(normpath(self._folder / value))
            elif value in ("yes", "no"):
                found[key] = value == "yes"
            else:
                self._fail(at, f"the setting {key!r} must be yes or no, not {value!r}")
        return Settings(**found)

    def _entries(
        self, lines: Iterable[int], form: re.Pattern[str], expected: str
    ) -> Iterator[tuple[int, re.Match[str], str]]:
        """Yield each line that is not blank: its index, its match of ``form``, and the value after that."""
        for at in lines:
            line = self._lines[at]
            if _is_blank(line):
                continue
            match = form.match(line)
            if match is None:
                self._fail(at, f"expected {expected}, got {line.strip()!r}")
            yield at, match, line[match.end() :].strip(_BLANKS)

    def _case(self, first: int, last: int, settings: Settings) -> Case:
        name = self._name(first)
        ruler = next((at for at in range(first + 1, last) if _RULER.fullmatch(self._lines[at])), last)
        start = next((at for at in range(first + 1, ruler) if not _is_blank(self._lines[at])), ruler)
        if start == ruler:
            self._fail(first, f"the case {name!r} has no text")
        markup = "\n".join(_ESCAPED.sub("", line) for line in self._lines[start:ruler])
        try:
            text, story = read_story(markup.rstrip())
        except ValueError:
            # Read again, so that the error counts lines from the top of the file.
            try:
                read_story("\n" * start + markup)
            except ValueError as error:
                raise ValueError(f"{self._where}: {error}") from None
            raise  # pragma: no cover
        for key, one in story.items():
            if not one.content:
                self._fail(start, f"the attribution {key!r} has no <content {key}>")
        return Case(name, first + 1, text, story, self._fields(range(ruler + 1, last), story), settings)

    def _name(self, at: int) -> str:
        name = self._lines[at].lstrip("=").strip(_BLANKS)
        # A header may also end with "===".
        if name.endswith("==="):
            name = name.rstrip("=").rstrip(_BLANKS)
        if not name:
            self._fail(at, "the case has no name; write it like '=== name'")
        if "::" in name or "[" in name:
            self._fail(at, f"the name {name!r} contains '::' or '[', which pytest reserves")
        return name

    def _fields(self, lines: Iterable[int], story: dict[str, Annotated]) -> dict[str, dict[str, str | None]]:
        found: dict[str, dict[str, str | None]] = {}
        for at, match, value in self._entries(lines, _FIELD, "a field like '1 speaker: Ann Lee'"):
            id, key = match["id"], match["key"]
            if id not in story:
                self._fail(at, f"no quote {id!r} is marked in the text (marked: {', '.join(story) or 'none'})")
            self._one_of(at, "field", key, FIELDS)
            own = found.setdefault(id, {})
            if key in own:
                self._fail(at, f"the field {key!r} of quote {id!r} is given twice")
            own[key] = self._value(at, key, value)
            if own.get("speaker", "") is None and {"role", "country"} & set(own):
                self._fail(at, f"quote {id!r} has no speaker, and so no role and no country")
        return found

    def _value(self, at: int, key: str, value: str) -> str | None:
        if not value:
            self._fail(at, f"{key!r} has no value{f'; write {NONE} for none' if key in _OPTIONAL else ''}")
        if value == NONE and key in _OPTIONAL:
            return None
        if key in _CHOICES:
            self._one_of(at, key, value, _CHOICES[key])
        if key == "country" and not _COUNTRY.fullmatch(value):
            self._fail(at, f"a country must be two capital letters (ISO 3166-1) or {NONE}, not {value!r}")
        return value

    def _one_of(self, at: int, what: str, value: str, known: tuple[str, ...]) -> None:
        if value not in known:
            self._fail(at, f"unknown {what} {value!r}; {near(value, known)}")

    def _fail(self, at: int, problem: str) -> NoReturn:
        raise ValueError(f"{self._where}: line {at + 1}: {problem}")


def _is_blank(line: str) -> bool:
    return not line.strip() or line.startswith("#")
