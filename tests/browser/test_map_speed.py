"""The map draws large networks and follows a dragged node; `-s` prints how fast, which no test judges."""

import json

import pytest

from tests.browser.generated import campus
from tests.browser.look import Look
from tests.browser.test_map import CHART, DRAWN, MAP, PLACE

pytestmark = pytest.mark.browser
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
WATCH = """() => {
    window.frames_taken = [];
    let last = performance.now();
    const frame = now => {
        if (!window.frames_taken) return;
        window.frames_taken.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


@pytest.mark.parametrize("devices", [300, 2000])
def test_a_large_network_is_drawn_and_dragged(devices: int, look: Look) -> None:
    answer = json.dumps(campus(devices))
    where = "**/topology-cache/topology/?*"
    look.page.route(where, lambda route: route.fulfill(body=answer, content_type="application/json"))
    try:
        first = min(first_draw(look, devices) for _ in range(2))
        frames = dragged(look.page)
    finally:
        look.page.unroute(where)
    slow = frames[int(0.95 * len(frames))]
    print(f"\n{devices} devices: drawn in {first:.2f} s; 95 % of {len(frames)} frames within {slow * 1000:.0f} ms")
    assert len(frames) > 10
    assert look.problems == []


def first_draw(look: Look, devices: int) -> float:
    """Seconds from the request of the page to the painted map."""
    look.at(MAP)
    look.page.wait_for_selector(DRAWN)
    seconds = look.page.evaluate(PAINTED) / 1000
    assert look.page.get_attribute("#topology-main", "data-nodes") == str(devices)
    return seconds


def dragged(page) -> list[float]:
    """Seconds of each frame while a node is dragged across the map, in order of length."""
    place = page.evaluate(f"{CHART}.getModel().getSeriesByIndex(0).getData().getItemLayout(40)")
    x, y = page.evaluate(PLACE, "device-40")
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(WATCH)
    for step in range(60):
        page.mouse.move(x + 3 * step, y + 2 * step)
    frames = page.evaluate("() => { const taken = window.frames_taken; window.frames_taken = null; return taken }")
    page.mouse.up()
    assert page.evaluate(f"{CHART}.getModel().getSeriesByIndex(0).getData().getItemLayout(40)") != place
    return sorted(one / 1000 for one in frames)
