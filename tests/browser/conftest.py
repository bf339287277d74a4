"""A browser, and a Nautobot of its own to look at, with rows of devices that print HTML."""

import shutil
from collections.abc import Iterator

import pytest

from tests.browser.look import Look, Site
from tests.nautobot_env import pytest_configure  # noqa: F401
from tests.skips import NO_CHROMIUM

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; the package of Playwright brings none."""
    found = next((where for name in NAMES if (where := shutil.which(name))), None)
    return found or pytest.skip(NO_CHROMIUM)


@pytest.fixture(scope="module")
def site(chromium: str, django_db_blocker) -> Iterator[Site]:
    """A live server on a database of its own: what is committed there, no other test of this process ever sees."""
    from tests.browser.site import served

    with django_db_blocker.unblock(), served() as site:
        yield site


@pytest.fixture(scope="module")
def browser(chromium: str, site: Site) -> Iterator:
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, in which Django would otherwise refuse to ask the database.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # Chromium's own sandbox needs what root and containers have not; nothing but our own pages is opened.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def looks(browser, site: Site) -> Iterator[dict[str, Look]]:
    """Theme -> a logged-in visitor; one each for all tests, so that assets are loaded once."""
    visitors = {theme: Look(browser, site, theme) for theme in ("light", "dark")}
    yield visitors
    for visitor in visitors.values():
        visitor.close()


@pytest.fixture
def look(looks: dict[str, Look]) -> Look:
    """The visitor who prefers light pages."""
    return looks["light"]
