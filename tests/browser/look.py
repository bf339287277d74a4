"""Looking at a page as a person does, and writing down what is wrong with it."""

from typing import Any

import attrs

HOSTILE = "<img src=x>"
"""Short enough for every column."""
ATTACK = '<img src=x onerror="window.attacked=1">'

COUNT = """window.asked = 0;
addEventListener('htmx:beforeRequest', () => window.asked++);
addEventListener('htmx:afterRequest', () => window.asked--);"""
COMPLETE = "() => window.asked === 0 && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
"""Lists come in a second request; nothing is complete before that is."""

OVERFLOW = """() => [document.documentElement, document.body, ...document.querySelectorAll('main')]
    .filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => `${one.tagName} is ${one.scrollWidth} px wide in ${one.clientWidth}`)"""
"""Wide tables scroll in their own frame; the page itself does not."""
INJECTED = "() => window.attacked === 1 || document.querySelector('img[src=\"x\"]') !== null"
OFFERS = """() => [...document.querySelectorAll('main a[href], main button, main [formaction]')]
    .map(one => one.getAttribute('href') || one.getAttribute('formaction') || '')
    .filter(where => where.includes('/topology-cache/'))
    .filter(where => /\\/(add|import|edit|delete|rename)\\/?([?]|$)/.test(where))
    .filter(where => !where.includes('/device-caches/edit/'))"""
"""Rows are discovered, not edited: there must be no way to a form, but to the one that switches polling for many."""


@attrs.define
class Site:
    """A running Nautobot with rows, and who may look at all of it."""

    url: str
    cookie: str
    device: Any
    """Has a row of every table that is full of HTML."""
    other: Any
    """Has ordinary rows, routes of three protocols among them."""


class Look:
    """A browser's window on a site, logged in."""

    def __init__(self, browser: Any, site: Site, theme: str) -> None:
        self.site = site
        self.theme = theme
        self.context = browser.new_context(viewport={"width": 1400, "height": 900}, color_scheme=theme)
        self.context.add_cookies([{"name": "sessionid", "value": site.cookie, "url": site.url}])
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.add_init_script(COUNT)
        self.problems: list[str] = []
        self.page.on("console", lambda told: self._note(told.type == "error", told.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))
        self.page.on("response", lambda got: self._note(got.status >= 400, f"{got.status} {got.url}"))
        self.page.on("requestfailed", lambda asked: self._note(asked.failure != "net::ERR_ABORTED", asked.url))

    def _note(self, wrong: bool, what: str) -> None:
        if wrong:
            self.problems.append(what)

    def at(self, path: str) -> Any:
        """The page at a path, once all its parts have come."""
        self.problems.clear()
        self.page.goto(f"{self.site.url}{path}")
        self.page.wait_for_function(COMPLETE)
        return self.page

    def wrong(self, path: str, widths: tuple[int, ...] = (1400, 1920)) -> list[str]:
        """What somebody would complain about who opens this page in windows of these widths."""
        self.at(path)
        found = [*self.problems]
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            found += [f"{width} px: {wide}" for wide in self.page.evaluate(OVERFLOW)]
        theme = self.page.evaluate("document.documentElement.dataset.bsTheme")
        found += [f"the theme is {theme}"] if theme != self.theme else []
        found += ["what a device printed became HTML"] if self.page.evaluate(INJECTED) else []
        return found + [f"offers {where}" for where in self.page.evaluate(OFFERS)]

    def text(self) -> str:
        """What the page shows."""
        return self.page.inner_text("body")

    def close(self) -> None:
        self.context.close()
