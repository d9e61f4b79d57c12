"""Golden cases in text files (``.quotes.txt``): articles with their quotes marked, written by hand.

A file holds several cases. A case is a line ``=== name``, the article with its quotes in inline markup (as in
`quotekit.rules.markup.read_story`), and if wanted a line ``---`` and what else is expected, a line each::

    # Lines like this one are comments.
    rules: my_rules.toml

    === the envoy on the harbour
    <source 1>Marta Ellin</source> <cue 1>said</cue> <content 1>the port would stay open</content>.

    “<content 2>Nobody will close it,</content>” <source 2>she</source> <cue 2>added</cue>.
    ---
    2 speaker: Marta Ellin
    2 kind: direct

Everything that is found must be marked, and everything marked must be found, to the character. A case without any
markup is one in which nothing may be found.

Settings stand before the first case and hold for the file: ``rules`` (a rule file, from the folder of this one),
``encoder``, ``attitudes`` and ``exact`` (``yes`` or ``no``; see `quotekit.testing.assert_quotes`). In an article a line
that begins with ``===``, ``---``, ``#`` or a backslash has a backslash before it, which is taken off; comments can
stand above the article and anywhere below ``---``, not in it.
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
# Only what stands before a value: blanks around it are stripped, since patterns for them take time without end.
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
    """How the cases of a file are read: with which rules and which of the extractor's parts."""

    rules: Path | None = None
    encoder: bool = True
    attitudes: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One golden case.

    Attributes:
        name: unique in its file.
        line: of its header in the file, from 1.
        text: the article, without markup.
        story: the attributions marked in it, by their ids.
        fields: what else is expected, by id: name of the field and value, ``None`` for "none".
        settings: those of the file.
    """

    name: str
    line: int
    text: str
    story: dict[str, Annotated]
    fields: dict[str, dict[str, str | None]] = field(default_factory=dict)
    settings: Settings = Settings()

    @property
    def expected(self) -> list[Expected]:
        """What `quotekit.testing.assert_quotes` takes."""
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
    """The cases of a file, in order.

    Raises:
        ValueError: the file is not of this form; the message names file and line.
        OSError: it cannot be read.
    """
    path = Path(path)
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: not UTF-8: {error.reason} at byte {error.start}; save it as UTF-8") from error
    return parse_cases(source, path.name, path.parent)


def parse_cases(source: str, where: str = "cases", folder: Path | None = None) -> list[Case]:
    """The cases of a text; ``where`` is its name in errors, ``folder`` what its paths are relative to.

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
            self._fail(0, "no case: one begins with a line '=== name'")
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
        for at in lines:
            line = self._lines[at]
            if _says_nothing(line):
                continue
            match = _SETTING.match(line)
            if match is None:
                self._fail(at, f"{line.strip()!r} is no setting ('encoder: no'), no comment and no case ('=== name')")
            key, value = match["key"], line[match.end() :].strip(_BLANKS)
            self._one_of(at, "setting", key, SETTINGS)
            if key in found:
                self._fail(at, f"a second setting {key!r}")
            if not value:
                self._fail(at, f"the setting {key!r} has no value")
            if key == "rules":
                found[key] = Path(normpath(self._folder / value))
            elif value in ("yes", "no"):
                found[key] = value == "yes"
            else:
                self._fail(at, f"the setting {key!r} is yes or no, not {value!r}")
        return Settings(**found)

    def _case(self, first: int, last: int, settings: Settings) -> Case:
        name = self._name(first)
        ruler = next((at for at in range(first + 1, last) if _RULER.fullmatch(self._lines[at])), last)
        start = next((at for at in range(first + 1, ruler) if not _says_nothing(self._lines[at])), ruler)
        if start == ruler:
            self._fail(first, f"the case {name!r} has no text")
        markup = "\n".join(_ESCAPED.sub("", line) for line in self._lines[start:ruler])
        try:
            text, story = read_story(markup.rstrip())
        except ValueError:
            # Once more for the error, with the lines counted from the top of the file.
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
        # A header may end as it begins.
        if name.endswith("==="):
            name = name.rstrip("=").rstrip(_BLANKS)
        if not name:
            self._fail(at, "the case has no name: '=== name'")
        if "::" in name or "[" in name:
            self._fail(at, f"the name {name!r} has '::' or '[' in it, which pytest needs for itself")
        return name

    def _fields(self, lines: Iterable[int], story: dict[str, Annotated]) -> dict[str, dict[str, str | None]]:
        found: dict[str, dict[str, str | None]] = {}
        for at in lines:
            line = self._lines[at]
            if _says_nothing(line):
                continue
            match = _FIELD.match(line)
            if match is None:
                self._fail(at, f"{line.strip()!r} is not of the form '1 speaker: Ann Lee'")
            id, key = match["id"], match["key"]
            if id not in story:
                self._fail(at, f"no quote {id!r} is marked in the text; there are {', '.join(story) or 'none'}")
            self._one_of(at, "field", key, FIELDS)
            own = found.setdefault(id, {})
            if key in own:
                self._fail(at, f"a second {key!r} of quote {id!r}")
            own[key] = self._value(at, key, line[match.end() :].strip(_BLANKS))
            if own.get("speaker", "") is None and {"role", "country"} & set(own):
                self._fail(at, f"quote {id!r} has no speaker, so it has no role and no country")
        return found

    def _value(self, at: int, key: str, value: str) -> str | None:
        if not value:
            self._fail(at, f"{key!r} has no value{f': write {NONE} if there is none' if key in _OPTIONAL else ''}")
        if value == NONE and key in _OPTIONAL:
            return None
        if key in _CHOICES:
            self._one_of(at, key, value, _CHOICES[key])
        if key == "country" and not _COUNTRY.fullmatch(value):
            self._fail(at, f"a country is two capital letters (ISO 3166-1), or {NONE}, not {value!r}")
        return value

    def _one_of(self, at: int, what: str, value: str, known: tuple[str, ...]) -> None:
        if value not in known:
            self._fail(at, f"{value!r} is no {what}; {near(value, known)}")

    def _fail(self, at: int, problem: str) -> NoReturn:
        raise ValueError(f"{self._where}: line {at + 1}: {problem}")


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.startswith("#")
