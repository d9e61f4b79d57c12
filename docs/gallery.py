"""The gallery: pages made from the sample stories, which mkdocs adds to the site.

`python docs/gallery.py` writes them to `build/gallery`; with `--screenshots` it also takes those of `docs/images`.
"""

from __future__ import annotations

import json
import shutil
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from quotekit import Extractor
from quotekit.batch.records import Result
from quotekit.report import article_page
from quotekit.report.folder import folder_report

ROOT = Path(__file__).parents[1]
STORIES = ROOT / "data" / "stories"
IMAGES = ROOT / "docs" / "images"
SHOWN = json.loads((ROOT / "docs" / "gallery.json").read_text(encoding="utf-8"))
SIZE = {"width": 1120, "height": 720}

PICTURES = {
    "report-overview": ("report/index.html", ""),
    "report-quotes": ("report/quotes.html", "#words=cable"),
    "report-article": ("cable-summit.html", "#q3"),
}
"""Pictures by name: the page, and the anchor in it."""


PLACE = "<!-- gallery -->"


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Insert the links to the pages into `gallery.md`; a hook of mkdocs."""
    return markdown.replace(PLACE, links())


def links() -> str:
    """Return the pages of the gallery as a list in Markdown."""
    stories = [f"- [{name.replace('-', ' ').capitalize()}](gallery/{name}.html)" for name in SHOWN["pages"]]
    return "\n".join(["- [The report on all sample stories](gallery/report/index.html)", *stories])


def on_files(files: Any, config: Any) -> Any:
    """Add the pages to the files of the site; a hook of mkdocs."""
    from mkdocs.structure.files import File

    with TemporaryDirectory() as folder:
        build(Path(folder))
        for path in sorted(Path(folder).rglob("*.html")):
            name = f"gallery/{path.relative_to(folder).as_posix()}"
            files.append(File.generated(config, name, content=path.read_bytes()))
    return files


def build(folder: Path) -> None:
    """Write the gallery: a page for each of some stories, and a report on all of them."""
    paths = sorted(STORIES.glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    results = [
        Result(path.name, quotes, date.fromisoformat(SHOWN["days"][path.stem]), text=text)
        for path, text, quotes in zip(paths, texts, Extractor().pipe(texts), strict=True)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    for path, result in zip(paths, results, strict=True):
        if path.stem in SHOWN["pages"] and result.text is not None:
            page = article_page(result.text, result.quotes)
            (folder / f"{path.stem}.html").write_text(page, encoding="utf-8", newline="\n")
    folder_report(
        sorted(results, key=lambda one: (one.date or date.min, one.id)), folder / "report", title="Sample stories"
    )


def take_pictures(folder: Path) -> None:
    """Pictures of the gallery in ``folder``, light and dark."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme, viewport=SIZE)
            for name, (path, fragment) in PICTURES.items():
                page.goto(f"{(folder / path).resolve().as_uri()}{fragment}")
                taken = page.screenshot(animations="disabled")
                (IMAGES / f"{name}-{scheme}.png").write_bytes(with_palette(browser, taken))
        browser.close()


def with_palette(browser: Any, png: bytes) -> bytes:
    """Return a picture in its 256 most frequent colours, which takes a third of the bytes."""
    import numpy as np

    page = browser.new_page()
    width, height, encoded = page.evaluate(
        """async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
            canvas.drawImage(image, 0, 0);
            const { data } = canvas.getImageData(0, 0, image.width, image.height);
            let text = "";
            for (let at = 0; at < data.length; at += 4096) text += String.fromCharCode(...data.subarray(at, at + 4096));
            return [image.width, image.height, btoa(text)];
        }""",
        f"data:image/png;base64,{b64encode(png).decode('ascii')}",
    )
    page.close()
    pixels = np.frombuffer(b64decode(encoded), np.uint8).reshape(-1, 4)[:, :3]
    colours, places, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts, kind="stable")[:256]]
    distances = ((colours[:, None, :].astype(int) - palette[None, :, :].astype(int)) ** 2).sum(axis=2)
    rows = distances.argmin(axis=1).astype(np.uint8)[places.ravel()].reshape(height, width)
    # Each row begins with the number of its filter: none.
    lines = np.hstack([np.zeros((height, 1), np.uint8), rows]).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


if __name__ == "__main__":
    gallery = ROOT / "build" / "gallery"
    build(gallery)
    if "--screenshots" in sys.argv[1:]:
        take_pictures(gallery)
    print(gallery / "report" / "index.html")
