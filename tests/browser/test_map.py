"""The map as a person uses it, on what REST says."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
import requests
from django.urls import reverse

from tests.browser.look import ATTACK, INJECTED, Look, Site
from tests.browser.network import Network, make_network

pytestmark = pytest.mark.browser
MAP = "/plugins/topology-cache/topology/"
REST = "/api/plugins/topology-cache/topology/"
DRAWN = "#topology-main[aria-busy=false][data-nodes]"

CHART = "window.echarts.getInstanceByDom(document.querySelector('#topology-canvas'))"
PLACE = f"""id => {{
    const data = {CHART}.getModel().getSeriesByIndex(0).getData();
    const [x, y] = data.hostModel.coordinateSystem.dataToPoint(data.getItemLayout(data.indexOfName(id)));
    const canvas = document.querySelector('#topology-canvas').getBoundingClientRect();
    return [canvas.left + x, canvas.top + y];
}}"""
"""Where on the page a node is."""
HOVER_ALL = f"""() => ['node', 'edge'].flatMap(dataType => {{
    const data = {CHART}.getModel().getSeriesByIndex(0).getData(dataType);
    return Array.from({{ length: data.count() }}, (_, dataIndex) => {{
        {CHART}.dispatchAction({{ type: 'showTip', seriesIndex: 0, dataType, dataIndex }});
        return document.querySelector('.topology-tooltip').innerText;
    }});
}})"""
"""The text of every tooltip, each once shown."""


@pytest.fixture(scope="module")
def network(site: Site) -> Network:
    return make_network()


@pytest.fixture
def page(network: Network, look: Look) -> Iterator:
    """The whole map, drawn; nothing may have gone wrong when the test ends."""
    yield opened(look)
    assert look.problems == []
    assert not look.page.evaluate(INJECTED)


def opened(look: Look, query: str = ""):
    page = look.at(f"{MAP}?{query}" if query else MAP)
    page.wait_for_selector(DRAWN)
    return page


def rest(site: Site, query: str = "", path: str = REST) -> dict:
    answer = requests.get(f"{site.url}{path}?{query}", cookies={"sessionid": site.cookie}, timeout=30)
    answer.raise_for_status()
    return answer.json()


def node_id(site: Site, name: str) -> str:
    return next(node["id"] for node in rest(site)["nodes"] if node["device_name"] == name)


def parameters(page) -> dict[str, list[str]]:
    return parse_qs(page.evaluate("location.search.slice(1)"))


def drawn(page) -> tuple[int, int]:
    counts = page.evaluate("({ ...document.querySelector('#topology-main').dataset })")
    return int(counts["nodes"]), int(counts["links"])


def found_by(page, words: str) -> str:
    """What the panel shows once the first hit of a search is taken."""
    page.fill("#topology-search", words)
    page.press("#topology-search", "Enter")
    return page.inner_text("#topology-detail")


def test_as_many_nodes_and_links_as_rest_says(site: Site, page) -> None:
    answer = rest(site)
    assert drawn(page) == (len(answer["nodes"]), len(answer["links"]))
    assert len(answer["links"]) >= 3
    page.click("[data-topology-view=links]")
    assert page.locator("#topology-links tbody tr").count() == len(answer["links"])
    page.click("[data-topology-view=unresolved]")
    assert page.locator("#topology-unresolved tbody tr").count() == len(answer["unresolved"])


def test_a_search_jumps_to_a_device_and_tells_its_facts(site: Site, network: Network, page) -> None:
    shown = found_by(page, "CORE-2")
    assert "core-2" in shown
    assert "Center" in shown
    assert "Switch" in shown
    assert parameters(page)["selected"] == [node_id(site, "core-2")]
    page.wait_for_selector("#topology-detail .topology-tables td:has-text('neighbors')")


def test_a_device_is_discovered_from_the_map(site: Site, page, monkeypatch) -> None:
    """The Job is carried out as soon as it is queued; without a primary address its run ends by saying so."""
    monkeypatch.setattr("nautobot_topology_cache.jobs._workers_on", lambda queue: 1)
    found_by(page, "access-1")
    page.click("#topology-detail button:has-text('Discover now')")
    page.click("#topology-detail [role=status] a")
    page.wait_for_selector("main :text('access-1')")
    page.wait_for_selector("main :text('primary IP address')")
    run = rest(site, path=f"/api/plugins/topology-cache/discovery-runs/{page.url.rstrip('/').rpartition('/')[2]}/")
    assert run["completed_at"] is not None
    assert [one["device_name"] for one in run["devices"]] == ["access-1"]


def test_a_device_tells_its_uplinks_and_edge_ports(page) -> None:
    found_by(page, "access-1")
    page.click("#topology-detail summary:has-text('Uplinks')")
    page.wait_for_selector("#topology-detail details li:has-text('edge ports')")
    assert "neighbor: " in page.inner_text("#topology-detail details:has-text('Uplinks')")


def test_the_map_is_a_hierarchy_until_somebody_asks_for_another_layout(page) -> None:
    with page.expect_request(lambda request: f"{REST}?" in request.url) as asked:
        page.reload()
    assert parse_qs(asked.value.url.partition("?")[2])["layout"] == ["hierarchical"]
    page.wait_for_selector(DRAWN)
    with page.expect_request(lambda request: f"{REST}?" in request.url) as asked:
        page.select_option("[data-topology-parameter=layout]", "force_directed")
    assert parse_qs(asked.value.url.partition("?")[2])["layout"] == ["force_directed"]
    page.wait_for_selector(DRAWN)


def test_a_hierarchy_that_the_address_names_is_the_one_that_is_chosen(look: Look) -> None:
    page = opened(look, "layout=hierarchical")
    assert page.input_value("[data-topology-parameter=layout]") == "hierarchical"


def test_a_line_along_a_row_passes_over_the_nodes_between_its_ends(page) -> None:
    places = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (100, 100)}
    bends = page.evaluate(
        """async ([nodes, links]) => {
            const { shape } = await import("/static/nautobot_topology_cache/topology/shape.js");
            const shown = shape({ nodes, links }, { group: "", collapsed: new Set(), moved: {} });
            return Object.fromEntries(shown.links.map((line) => [line.id, line.bend]));
        }""",
        [
            [{"id": one, "position_x": x, "position_y": y} for one, (x, y) in places.items()],
            [{"id": f"{a}{b}", "source": a, "target": b} for a, b in ("ab", "bc", "ac", "ca", "ad")],
        ],
    )
    assert [bends[one] for one in ("ab", "bc", "ad")] == [0, 0, 0]
    assert bends["ac"] > 0.2 > -0.2 > bends["ca"], "both rise, and a bend is to the left of its own direction"


def test_a_search_finds_a_port(page) -> None:
    shown = found_by(page, "access-1 gigabitethernet1/0/1")
    assert "For it" in shown
    assert "GigabitEthernet1/0/3" in shown


def test_a_click_on_a_node_selects_it_and_one_beside_it_nothing(site: Site, page) -> None:
    page.mouse.click(*page.evaluate(PLACE, node_id(site, "access-1")))
    assert "access-1" in page.inner_text("#topology-detail h2")
    corner = page.locator("#topology-canvas").bounding_box()
    page.mouse.click(corner["x"] + 3, corner["y"] + 3)
    assert "selected" not in parameters(page)


def test_a_link_says_why_it_is_there(page) -> None:
    shown = found_by(page, "core-2 GigabitEthernet1/0/1")
    assert "LLDP" in shown
    assert "Seen and documented" in shown
    assert "Seen, not documented" in found_by(page, "core-2 GigabitEthernet1/0/2")


def test_a_view_is_its_address(site: Site, network: Network, look: Look, page) -> None:
    found_by(page, "core-1")
    page.select_option("[data-topology-parameter=colour]", "location")
    page.click("button:has-text('Focus here')")
    page.wait_for_selector("#topology-focus:not([hidden])")
    page.wait_for_selector(DRAWN)
    assert parameters(page)["focus"] == [str(network.core_1.pk)]
    seen = drawn(page)
    again = opened(look, page.evaluate("location.search.slice(1)"))
    assert drawn(again) == seen
    assert again.input_value("[data-topology-parameter=colour]") == "location"
    assert "core-1" in again.inner_text("#topology-focus")


def test_filters_narrow_the_map(site: Site, network: Network, look: Look, page) -> None:
    whole = drawn(page)
    page.click("#topology-filter")
    page.wait_for_selector("#topology-filters [name=vrf]:visible")
    page.evaluate(
        """([id, name]) => {
            const locations = document.querySelector('#topology-filters [name=location]');
            locations.append(new Option(name, id, true, true));
        }""",
        [str(network.access.location.pk), "Edge"],
    )
    page.click("#topology-filters button:has-text('Apply')")
    page.wait_for_url(f"**location={network.access.location.pk}**")
    page.wait_for_selector(DRAWN)
    answer = rest(site, f"location={network.access.location.pk}")
    assert drawn(page) == (len(answer["nodes"]), len(answer["links"])) < whole


def test_a_cable_that_nothing_shows_is_there_in_the_comparison(page) -> None:
    nodes, links = drawn(page)
    page.check("#topology-compare")
    page.wait_for_selector(f"#topology-main[aria-busy=false][data-links='{links + 1}']")
    assert drawn(page) == (nodes, links + 1)
    assert "Documented, not seen" in found_by(page, "core-2 GigabitEthernet1/0/7")
    assert "Documented, not seen" in page.inner_text("#topology-legend")


def test_a_group_is_one_node_until_it_is_expanded(page) -> None:
    nodes, links = drawn(page)
    page.select_option("[data-topology-parameter=group]", "location")
    page.click("#topology-groups button:has-text('Center')")
    assert drawn(page) == (nodes - 1, links - 2)
    page.click("#topology-groups button:has-text('Center')")
    assert drawn(page) == (nodes, links)


def test_a_dragged_node_stays_where_it_was_put(site: Site, look: Look, page) -> None:
    moved = node_id(site, "core-1")
    x, y = page.evaluate(PLACE, moved)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x + 10 * step, y + 6 * step)
    page.mouse.up()
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('topology-cache:'))")
    assert moved in json.loads(kept[0][1])
    before = page.evaluate(f"{CHART}.getOption().series[0].data.find(one => one.id === '{moved}')")
    again = opened(look)
    after = again.evaluate(f"{CHART}.getOption().series[0].data.find(one => one.id === '{moved}')")
    assert (after["x"], after["y"]) != (before["x"], before["y"])
    assert [after["x"], after["y"]] == json.loads(kept[0][1])[moved]
    again.click("#topology-reset")
    assert again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('topology-cache:'))") == []


def test_pictures_can_be_saved(page) -> None:
    saved = {}
    for kind in ("png", "svg"):
        page.click("button:has-text('Export')")
        with page.expect_download() as download:
            page.click(f"#topology-{kind}")
        saved[kind] = download.value.path().read_bytes()
    assert saved["png"].startswith(b"\x89PNG")
    assert saved["svg"].startswith(b"<svg")
    assert b"core-1" in saved["svg"]
    assert b"<img" not in saved["svg"]


def test_other_tools_get_what_is_shown(site: Site, network: Network, look: Look) -> None:
    page = opened(look, f"focus={network.core_2.pk}&depth=1")
    page.click("button:has-text('Export')")
    with page.expect_download() as download:
        page.click("[data-topology-export=csv]")
    assert len(download.value.path().read_text().splitlines()) == 1 + drawn(page)[1]


def test_the_keyboard_is_enough(page) -> None:
    page.focus("[data-topology-view=links]")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.closest('#topology-links button') === null"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "For it" in page.inner_text("#topology-detail")
    page.focus("[data-topology-view=map]")
    page.keyboard.press("Enter")
    page.focus("#topology-canvas")
    page.keyboard.press("+")
    assert page.evaluate(f"{CHART}.getOption().series[0].zoom") > 1
    page.keyboard.press("0")
    assert page.evaluate(f"{CHART}.getOption().series[0].zoom") == 1


def test_what_devices_print_is_text_in_the_map_too(network: Network, page) -> None:
    assert any(ATTACK in told for told in page.evaluate(HOVER_ALL))
    assert ATTACK in found_by(page, "<img src=x onerror")
    page.click("[data-topology-view=links]")
    assert ATTACK in page.inner_text("#topology-links")
    assert not page.evaluate(INJECTED)


def test_markup_of_echarts_in_a_name_is_text(look: Look, page, site: Site) -> None:
    """`{b}` is ECharts' placeholder for a name, `{a|x}` its rich text."""
    answer = rest(site)
    answer["nodes"][0]["device_name"] = "{b}{a|x}"
    page.route("**/topology-cache/topology/?*", lambda route: route.fulfill(json=answer))
    try:
        page = opened(look)
        assert any("{b}{a|x}" in told for told in page.evaluate(HOVER_ALL))
        with page.expect_download() as download:
            page.click("button:has-text('Export')")
            page.click("#topology-svg")
        assert b"{b}{a|x}" in download.value.path().read_bytes()
    finally:
        page.unroute("**/topology-cache/topology/?*")


def test_pages_of_devices_and_locations_show_their_part(site: Site, network: Network, look: Look) -> None:
    places = {
        network.core_1.get_absolute_url(): f"focus={network.core_1.pk}&depth=1",
        reverse("plugins:nautobot_topology_cache:location_topology", kwargs={"pk": network.access.location.pk}): (
            f"location={network.access.location.pk}"
        ),
    }
    for path, query in places.items():
        page = look.at(path)
        page.wait_for_selector("[data-topology-map][data-nodes]")
        counts = page.evaluate("({ ...document.querySelector('[data-topology-map]').dataset })")
        answer = rest(site, query)
        assert (int(counts["nodes"]), int(counts["links"])) == (len(answer["nodes"]), len(answer["links"])), path
        assert look.problems == []


def test_the_neighbors_tab_tells_whom_an_announcement_means(network: Network, look: Look) -> None:
    page = look.at(reverse("plugins:nautobot_topology_cache:device_neighbors", kwargs={"pk": network.core_2.pk}))
    page.wait_for_selector("[data-topology-part=links] tbody tr")
    rows = page.locator("[data-topology-part=links] tbody tr").all_inner_texts()
    assert len(rows) == 2
    assert all("core-1" in row.split("\t")[2] for row in rows)
    assert ["Seen and documented" in row for row in rows] == [True, False]
    link = page.locator("[data-topology-part=links] tbody tr").first.locator("a").nth(1)
    assert link.get_attribute("href") == network.core_1.get_absolute_url()


def test_a_refused_question_is_told(look: Look, network: Network) -> None:
    page = look.at(f"{MAP}?depth=many&focus={network.core_1.pk}")
    page.wait_for_selector("#topology-status.text-danger")
    assert "400" in page.inner_text("#topology-status")
    assert "depth" in page.inner_text("#topology-status")
