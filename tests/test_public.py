"""The public names: which they are, how they are called, what importing them costs, and what they refuse."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import json
import re
import subprocess
import sys
from collections import defaultdict
from importlib import import_module
from importlib.metadata import PackageNotFoundError, entry_points, version
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import quotekit
from quotekit.errors import EncoderError, KnownSpeakersError, ModelError, QuotekitError, RuleError

NAMES = [
    "Correction",
    "Corrections",
    "CorrectionsError",
    "Cue",
    "EncoderError",
    "Extractor",
    "KnownSpeaker",
    "KnownSpeakers",
    "KnownSpeakersError",
    "ModelError",
    "Passage",
    "Position",
    "Quote",
    "QuotekitError",
    "Reading",
    "Rule",
    "RuleError",
    "RuleSet",
    "Speaker",
    "SpeakerMention",
    "TextSpan",
    "WorkerError",
    "extract",
    "load",
    "pipe",
    "read",
    "testing",
    "to_dicts",
    "to_frame",
]


def fresh(code: str, *options: str) -> str:
    """Return what ``code`` prints in a new Python process."""
    done = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_public_names() -> None:
    assert quotekit.__all__ == NAMES
    assert set(NAMES) <= set(dir(quotekit))


def test_version_is_that_of_the_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    assert quotekit.__version__ == version("quotekit-nlp")
    assert fresh("import quotekit; print(quotekit.__version__)") == f"{version('quotekit-nlp')}\n"

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert quotekit.__version__ == "0+unknown"


@pytest.mark.parametrize("name", NAMES)
def test_public_names_have_docstrings(name: str) -> None:
    assert inspect.getdoc(getattr(quotekit, name))


ROOT = Path(__file__).parents[1]
PACKAGE = Path(quotekit.__file__).parent
MOST_NAMES = 150


def declared() -> dict[str, set[str]]:
    """The names in ``__all__`` of each module that has one, without importing it."""
    found: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ["quotekit", *path.relative_to(PACKAGE).with_suffix("").parts]
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                found[name] = set(ast.literal_eval(node.value))
    return found


def documented() -> dict[str, set[str]]:
    """The names in the reference, by module: those of the docstrings, and constants in its own words."""
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    found: dict[str, set[str]] = defaultdict(set)
    for path in re.findall(r"^(?:::: |`)(quotekit\.[\w.]+)(?:$|` is )", page, re.MULTILINE):
        module, _, name = path.rpartition(".")
        found[module].add(name)
    return dict(found)


PUBLIC = declared()


def test_the_reference_has_all_public_names_and_no_others() -> None:
    assert documented() == PUBLIC


def test_the_public_names_are_few() -> None:
    assert sum(map(len, PUBLIC.values())) <= MOST_NAMES


@pytest.mark.parametrize("module", PUBLIC)
def test_public_names_can_be_imported_and_have_docstrings(module: str) -> None:
    if module.startswith("quotekit.engines."):
        pytest.importorskip("pyarrow")
    for name in PUBLIC[module]:
        value = getattr(import_module(module), name)
        if inspect.isclass(value) or inspect.isroutine(value):
            assert inspect.getdoc(value), f"{module}.{name}"


@pytest.mark.parametrize(
    "path",
    [
        "quotekit.article.read_article",
        "quotekit.batch.records.Result",
        "quotekit.batch.stored.read_stored",
        "quotekit.cli.main",
        "quotekit.engines.arrow.SCHEMA",
        "quotekit.report.folder.folder_report",
    ],
)
def test_paths_documented_before_still_work(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert hasattr(import_module(module), name)


def imported(code: str) -> set[tuple[str, str | None]]:
    """The modules and names of quotekit that ``code`` imports; ``None`` for a module as a whole."""
    found: set[tuple[str, str | None]] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {(alias.name, None) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(str(node.module), alias.name) for alias in node.names}
    return {(module, name) for module, name in found if module.split(".")[0] == "quotekit"}


PYTHON = re.compile(r"^```py(?:thon)?\b.*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPTED = re.compile(r"^(?:>>> |\.\.\. ?)(.*)$", re.MULTILINE)


@pytest.mark.parametrize(
    "path", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_examples_import_only_public_names(path: Path) -> None:
    for block in PYTHON.findall(path.read_text(encoding="utf-8")):
        code = "\n".join(PROMPTED.findall(block)) if ">>> " in block else block
        for module, name in imported(code):
            assert module in PUBLIC, module
            assert name is None or name in PUBLIC[module] or f"{module}.{name}" in PUBLIC, f"{module}.{name}"


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'quotekit' has no attribute 'extrac'"):
        quotekit.extrac  # noqa: B018


def test_star_import_brings_the_public_names() -> None:
    found = json.loads(
        fresh("import json; from quotekit import *; print(json.dumps([n for n in dir() if n[0] != '_']))")
    )
    assert set(NAMES) <= set(found)


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (quotekit.extract, ["text"]),
        (quotekit.pipe, ["texts", "*n_process=1", "*batch_size=16", "*as_tuples=False"]),
        (quotekit.Extractor.extract, ["self", "text", "*date=None"]),
        (
            quotekit.Extractor.pipe,
            ["self", "texts", "*n_process=1", "*batch_size=16", "*as_tuples=False", "*date=None"],
        ),
        (
            quotekit.Extractor,
            [
                "*rules=None",
                "*encoder=True",
                "*resolve=True",
                "*attitudes=False",
                "*min_confidence=0.6",
                "*model=None",
                "*known_speakers=None",
                "*corrections=None",
            ],
        ),
        (quotekit.testing.check, ["markup", "rule", "*parse=None", "*decides=True"]),
    ],
)
def test_signature(function: Any, parameters: list[str]) -> None:
    found = [
        ("*" if p.kind is p.KEYWORD_ONLY else "") + p.name + ("" if p.default is p.empty else f"={p.default!r}")
        for p in inspect.signature(function).parameters.values()
    ]
    assert found == parameters


def test_public_functions_have_types() -> None:
    for function in (quotekit.extract, quotekit.pipe, quotekit.Extractor.extract, quotekit.Extractor.pipe):
        hints = inspect.get_annotations(function)
        assert set(inspect.signature(function).parameters) - {"self"} == set(hints) - {"return"}


def test_the_package_is_marked_as_typed() -> None:
    assert (files("quotekit") / "py.typed").is_file()


def test_the_factory_is_registered() -> None:
    found = entry_points(group="spacy_factories", name="quotekit")
    assert [entry.value for entry in found] == ["quotekit.component:make_component"]


def test_importing_loads_no_model_and_no_spacy() -> None:
    names = json.loads(fresh("import json, sys, quotekit; print(json.dumps(sorted(sys.modules)))"))
    assert "quotekit" in names
    assert not {
        name
        for name in names
        if name.split(".")[0] in {"spacy", "thinc", "pydantic", "typer", "rich", "numpy", "onnxruntime", "tokenizers"}
    }


def test_importing_names_loads_no_model() -> None:
    code = "import json, sys; from quotekit import Extractor, extract, pipe; Extractor()"
    names = json.loads(fresh(f"{code}; print(json.dumps(sorted(sys.modules)))"))
    assert "quotekit.extractor" in names
    assert not [name for name in names if name.startswith(("en_core_web", "rich", "typer"))]


def test_importing_adds_no_library_to_those_of_spacy() -> None:
    code = (
        "import json, sys, spacy; before = set(sys.modules); "
        "from quotekit import Extractor, Quote, RuleSet, extract, pipe; "
        "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})))"
    )
    assert set(json.loads(fresh(code))) - set(sys.stdlib_module_names) <= {"quotekit", "numpy", "tomli"}


@pytest.mark.parametrize("value", [None, 3, b"It works, Ann Lee said.", ["It works, Ann Lee said."]])
def test_text_of_another_type_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError, match=f"must be a string, not {type(value).__name__}"):
        quotekit.extract(value)


@pytest.mark.parametrize("value", ["It works, Ann Lee said.", b"It works, Ann Lee said."])
def test_pipe_refuses_a_single_string(value: Any) -> None:
    with pytest.raises(TypeError, match=f"not one {type(value).__name__}: use extract"):
        quotekit.pipe(value)


@pytest.mark.parametrize("name", ["encoder", "resolve", "attitudes"])
@pytest.mark.parametrize("value", ["x", None, 1])
def test_settings_that_are_not_true_or_false(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be True or False, not {value!r}$"):
        quotekit.Extractor(**{name: value})


@pytest.mark.parametrize("value", ["0.5", None, True])
def test_min_confidence_that_is_not_a_number(value: Any) -> None:
    with pytest.raises(TypeError, match=f"^min_confidence must be a number, not {value!r}$"):
        quotekit.Extractor(min_confidence=value)


@pytest.mark.parametrize("name", ["n_process", "batch_size"])
@pytest.mark.parametrize("value", [1.5, "2", None])
def test_counts_that_are_not_whole_numbers(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"^{name} must be a whole number, not {value!r}$"):
        quotekit.Extractor().pipe([], **{name: value})


@pytest.mark.parametrize("name", ["n_process", "batch_size"])
@pytest.mark.parametrize("value", [0, -1])
def test_pipe_refuses_fewer_than_one_process_or_text(name: str, value: int) -> None:
    options: dict[str, Any] = {name: value}
    with pytest.raises(ValueError, match=f"{name} must be 1 or more, not {value}"):
        quotekit.pipe(count(), **options)  # type: ignore[call-overload]


@pytest.mark.parametrize("value", [20150918, b"2015-09-18", ["2015-09-18"]])
def test_date_of_another_type_is_a_type_error(value: Any) -> None:
    with pytest.raises(TypeError, match=f"a date must be .* not {type(value).__name__}"):
        quotekit.Extractor().extract("It rained.", date=value)
    with pytest.raises(TypeError, match="a date must be"):
        quotekit.Extractor().pipe([], date=value)


@pytest.mark.parametrize("value", ["", "2015", "18.9.2015", "2015-02-30", "20150918", "2015-09-18T12:00", "٢٠١٥-٠٩-١٨"])
def test_date_must_be_a_calendar_day(value: str) -> None:
    with pytest.raises(ValueError, match="a date must be a day of the calendar as YYYY-MM-DD"):
        quotekit.Extractor().extract("It rained.", date=value)


def test_date_as_a_function_needs_as_tuples() -> None:
    with pytest.raises(TypeError, match="only with as_tuples"):
        quotekit.Extractor().pipe([], date=str)  # type: ignore[call-overload]


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_min_confidence_is_a_precision(value: float) -> None:
    with pytest.raises(ValueError, match="min_confidence must be between 0 and 1"):
        quotekit.Extractor(min_confidence=value)


def test_errors_share_a_base_class() -> None:
    assert issubclass(ModelError, QuotekitError)
    assert issubclass(EncoderError, QuotekitError)
    assert issubclass(RuleError, QuotekitError)
    assert issubclass(RuleError, ValueError)
    assert issubclass(KnownSpeakersError, QuotekitError)
    assert issubclass(KnownSpeakersError, ValueError)
