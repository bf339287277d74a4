"""Every page as a person sees it: in two widths, light and dark, and with devices that print HTML.

The app's pages are found in the URL conf, a new one is looked at without a line here.
"""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.views.generic import RedirectView
from nautobot.extras.models import Job

from nautobot_topology_cache.models import CommandOutput, DiscoveryRun, DiscoveryRunItem
from tests.app import factories, walk
from tests.browser.look import ATTACK, COMPLETE, HOSTILE, INJECTED, OFFERS, OVERFLOW, Look, Site

pytestmark = pytest.mark.browser
SPACE = f"plugins:{walk.APP}:"


def shown(pattern: URLPattern) -> bool:
    """Whether a GET of this route is a page, and not what a button posts to or a way elsewhere."""
    actions = getattr(pattern.callback, "actions", None)
    if actions is not None:
        return "get" in actions
    view = pattern.callback.view_class
    return hasattr(view, "get") and not issubclass(view, RedirectView)


def app_pages() -> dict[str, URLPattern]:
    return {name: pattern for name, pattern in walk.routes() if name.startswith(SPACE) and shown(pattern)}


def paths(name: str, pattern: URLPattern) -> Iterator[str]:
    """The page, of the first object of its model if it shows one."""
    if "pk" not in pattern.pattern.regex.groupindex and "pk" not in pattern.pattern.converters:
        yield reverse(name)
        return
    model = walk.model_of(pattern)
    objects = getattr(model, "versions", model.objects)
    yield reverse(name, kwargs={"pk": objects.order_by("pk").first().pk})


@pytest.mark.parametrize("name", app_pages(), ids=lambda name: name.removeprefix(SPACE))
def test_nothing_is_wrong_with_the_page(name: str, looks: dict[str, Look]) -> None:
    for path in paths(name, app_pages()[name]):
        for theme, look in looks.items():
            assert look.wrong(path) == [], (path, theme)


@pytest.mark.parametrize("path", ["/", "/search/?q=plain", "/extras/jobs/{job}/run/", "/dcim/devices/{device}/"])
def test_nothing_is_wrong_with_nautobots_pages_that_show_us(path: str, site: Site, looks: dict[str, Look]) -> None:
    job = Job.objects.get(job_class_name="DiscoverTopology")
    for theme, look in looks.items():
        assert look.wrong(path.format(job=job.pk, device=site.device.pk)) == [], theme


def test_the_look_sees_what_is_wrong(look: Look) -> None:
    look.at("/")
    look.page.set_content(
        f"""<body><main><div style="width: 5000px">wide</div>{HOSTILE}
        <a href="/plugins/topology-cache/routes/add/">Add</a>
        <script>console.error("trouble"); nothing()</script></main>"""
    )
    assert look.page.evaluate(OVERFLOW)
    assert look.page.evaluate(INJECTED)
    assert look.page.evaluate(OFFERS) == ["/plugins/topology-cache/routes/add/"]
    assert {"trouble", "nothing is not defined"} <= set(look.problems)


def test_what_devices_print_is_shown_as_text(site: Site, look: Look) -> None:
    output = CommandOutput.objects.get(device=site.device, outcome="ok")
    item = DiscoveryRunItem.objects.get(device=site.device)
    for path in (
        f"{list_of('cachedinterface')}?device={site.device.pk}",
        f"{list_of('cachedneighbor')}?device={site.device.pk}",
        reverse(f"{SPACE}device_neighbors", kwargs={"pk": site.device.pk}),
        output.get_absolute_url(),
        item.get_absolute_url(),
        item.run.get_absolute_url(),
    ):
        look.at(path)
        assert ATTACK in look.text(), path


def test_a_device_of_a_run_shows_all_that_became_of_it(site: Site, look: Look) -> None:
    item = DiscoveryRunItem.objects.get(device=site.device)
    page = look.at(item.run.get_absolute_url())
    page.click(f"#component-run-devices a:text-is('{site.device.name}')")
    page.wait_for_url(f"**{item.get_absolute_url()}")
    shown = look.text()
    for title in ("TABLES", "COMMANDS", "REJECTED ROWS", "LINES NOT UNDERSTOOD", "ROWS, NOT CACHED"):
        assert title in shown
    assert f"NAME={ATTACK}" in shown


def test_discover_now_tells_that_nobody_would_do_it(site: Site, look: Look) -> None:
    for path in (site.device.get_absolute_url(), reverse(f"{SPACE}device_routes", kwargs={"pk": site.device.pk})):
        runs = DiscoveryRun.objects.count()
        page = look.at(path)
        page.click("button:has-text('Discover now')")
        page.wait_for_url(f"**{site.device.get_absolute_url()}")
        assert "No Celery worker listens on the queue" in look.text()
        assert look.problems == []
        assert DiscoveryRun.objects.count() == runs


def test_routes_of_a_device_are_narrowed_by_protocol(site: Site, look: Look) -> None:
    page = look.at(reverse(f"{SPACE}device_routes", kwargs={"pk": site.other.pk}))
    assert prefixes(page) == ["10.1.1.0/24", "10.1.2.0/24", "10.1.3.0/24"]
    page.click("a.btn:text-is('static')")
    page.wait_for_url("**?protocol=static")
    assert prefixes(page) == ["10.1.2.0/24"]


def prefixes(page) -> list[str]:
    return [one for one in page.locator("tbody a").all_inner_texts() if one.endswith("/24")]


def test_a_mac_is_found_in_another_notation(site: Site, look: Look) -> None:
    page = look.at(list_of("cachedmacaddress"))
    page.click("#id__filterbtn")
    page.wait_for_selector("#FilterForm_drawer [name=mac_address]")
    # Nautobot makes a field's placeholder of its label, and "None" of a label that is missing.
    nameless = page.locator("#FilterForm_drawer [placeholder=None]:visible")
    assert nameless.evaluate_all("fields => fields.map(one => one.name)") == []
    page.fill("#FilterForm_drawer [name=mac_address]", "0200.5e01.0002")
    page.click("#FilterForm_drawer button:has-text('Apply')")
    page.wait_for_url("**mac_address=0200.5e01.0002**")
    page.wait_for_function(COMPLETE)
    found = page.locator("#object_table tbody tr")
    assert found.count() == 1
    assert "02:00:5E:01:00:02" in found.inner_text()


def test_the_search_box_finds_a_mac(site: Site, look: Look) -> None:
    page = look.at("/search/?q=02005e010002")
    assert look.problems == []
    assert "02:00:5E:01:00:02" in page.inner_text("main")


def test_a_running_run_shows_its_progress_by_itself(site: Site, look: Look) -> None:
    started = timezone.now()
    run = factories.make_run(status="in_progress", started_at=started, completed_at=None)
    item = factories.make_item(run, site.other, status="in_progress", current_task="show interfaces")
    page = look.at(run.get_absolute_url())
    assert "show interfaces" in look.text()
    assert "0 %" in page.inner_text("#run-progress")
    type(item).objects.filter(pk=item.pk).update(status="completed", current_task="")
    DiscoveryRun.objects.filter(pk=run.pk).update(status="completed", completed_at=timezone.now())
    page.wait_for_selector("#run-progress:not([hx-get]):has-text('100 %')")
    assert "show interfaces" not in look.text()
    assert "Completed" in page.inner_text("#component-run-devices tbody")
    assert look.problems == []


def list_of(model: str) -> str:
    return reverse(f"{SPACE}{model}_list")
