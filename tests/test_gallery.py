"""The gallery shows every sample story, and its pictures are small."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _gallery() -> Any:
    spec = importlib.util.spec_from_file_location("docs_gallery", DOCS / "gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gallery = _gallery()


def test_every_story_has_a_date() -> None:
    assert sorted(gallery.SHOWN["days"]) == sorted(path.stem for path in (ROOT / "data" / "stories").glob("*.txt"))
    assert set(gallery.SHOWN["pages"]) <= set(gallery.SHOWN["days"])


def test_pictures_exist_and_are_small() -> None:
    pictures = {path.name: path for path in (DOCS / "images").glob("*.png")}
    assert set(pictures) == {f"{name}-{scheme}.png" for name in gallery.PICTURES for scheme in ("light", "dark")}
    assert all(path.stat().st_size < 150_000 for path in pictures.values())
    shown = re.findall(r"\(images/([\w.-]+)\)", (DOCS / "gallery.md").read_text(encoding="utf-8"))
    assert set(shown) <= set(pictures)


def test_the_page_gets_its_links() -> None:
    page = gallery.on_page_markdown((DOCS / "gallery.md").read_text(encoding="utf-8"))
    assert "(gallery/report/index.html)" in page
    assert page.count("](gallery/") == 1 + len(gallery.SHOWN["pages"])


@pytest.mark.slow
@pytest.mark.model
def test_the_gallery_is_built(tmp_path: Path) -> None:
    gallery.build(tmp_path / "gallery")
    names = {path.relative_to(tmp_path / "gallery").as_posix() for path in (tmp_path / "gallery").rglob("*.html")}
    assert {f"{name}.html" for name in gallery.SHOWN["pages"]} <= names
    assert {path for path, _ in gallery.PICTURES.values()} <= names
    assert sum(name.startswith("report/articles/0") for name in names) == len(gallery.SHOWN["days"])
