"""Nobody learns anything of a device that Nautobot does not show them, whichever door of the app they try.

The doors are found in the URL conf, the OpenAPI schema and the GraphQL schema; a new one is tried without a line here.
Each is tried as somebody who may view every model of the app, but only the devices of one location.
"""

import json
from collections.abc import Iterator
from functools import cached_property
from uuid import uuid4

import attrs
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone
from nautobot.core.jobs import ExportObjectList
from nautobot.dcim.models import Device
from nautobot.extras.models import Job as JobModel
from nautobot.extras.models import JobResult
from nautobot.extras.registry import registry
from nautobot.users.models import ObjectPermission

from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import (
    CachedRow,
    CachedSlice,
    CommandOutput,
    DeviceCache,
    DiscoveryRun,
    DiscoveryRunItem,
)
from tests.app import factories, walk
from tests.inventory import make_device, make_location

pytestmark = pytest.mark.django_db
SEEN, HIDDEN = "seenword", "hiddenword"
APP = apps.get_app_config(walk.APP)
OF_LISTS = ("", "?history=true", "?format=csv", "?depth=2&include=raw&include=parsed&include=devices")
OF_OBJECTS = ("", "?depth=2")
SILENT = {
    "docs",
    "api-root",
    "device_discover",
    "discoveryrun-cancel",
    "discoveryrun_list",
    "topology-resolve-neighbor",
    "purge",
    "rebuild",
    "devicecache-forget-host-key",
    "devicecache_bulk_edit",
    "devicecache_forget_host_key",
    "devicecache_poll",
    "devicecache_poll_no_more",
    "devices_discover",
    "discoveryrun_retry",
    "discoveryrun_cancel",
    "topology",
    "location_topology",
}
"""Routes that show no device to anybody: they are not about devices, or answer no GET."""


@attrs.define
class World:
    """Two devices with something in every table; only the first is in the location that the user may view."""

    seen: Device
    hidden: Device
    run: DiscoveryRun
    hidden_rows: list[CachedRow]

    @cached_property
    def secrets(self) -> set[str]:
        """What nobody may read who may not view the hidden device."""
        words = {HIDDEN, self.hidden.name, str(self.hidden.pk)}
        forms = {"mac_address", "address", "ip_address", "next_hop", "neighbor_ip", "prefix"}
        for row in self.hidden_rows:
            words.update(str(getattr(row, form)) for form in forms if getattr(row, form, None))
        return words

    def pks(self, model: type) -> list[str]:
        """Objects of a model, seen and hidden."""
        every = getattr(model, "versions", model.objects)
        return [str(pk) for pk in every.values_list("pk", flat=True)]

    @property
    def hidden_pks(self) -> list[str]:
        """Objects of the hidden device alone."""
        models = [DeviceCache, CommandOutput, *(spec.model for spec in CATALOG.values())]
        every = [getattr(model, "versions", model.objects).filter(device=self.hidden) for model in models]
        return [str(pk) for found in every for pk in found.values_list("pk", flat=True)]

    def leaks(self, answer: str, asked: str = "") -> set[str]:
        """What an answer gives away; an id that was asked for is no news."""
        return {word for word in self.secrets if word in answer and word not in asked}


def fill(device: Device, word: str, base: int) -> list[CachedRow]:
    """A current row and a closed one in every table, an output, a DeviceCache."""
    rows = []
    for table in CATALOG:
        rows.append(factories.make_row(table, device, base + 1, word))
        rows.append(factories.make_row(table, device, base + 2, word, valid_to=timezone.now()))
    factories.make_output(device, base, word)
    factories.make_cache(device, host_key=f"ssh-ed25519 {word}")
    return rows


@pytest.fixture
def world() -> World:
    seen = make_device(f"{SEEN}-device", location=make_location("Open place"))
    hidden = make_device(f"{HIDDEN}-device", location=make_location("Closed place"))
    fill(seen, SEEN, 0)
    rows = fill(hidden, HIDDEN, 100_000)
    run = factories.make_run(options={"devices": [str(seen.pk), str(hidden.pk)]})
    for device, word in ((seen, SEEN), (hidden, HIDDEN)):
        kept = {"rows": {"interfaces": [{"name": f"{word}1"}]}, "error": f"{word} failed", "current_task": word}
        factories.make_item(run, device, **kept)
    return World(seen, hidden, run, rows)


@pytest.fixture
def limited(world: World) -> Client:
    """Somebody who may view all models of the app, and the devices of one location."""
    user = get_user_model().objects.create_user(username="limited")
    models = list(APP.get_models())
    grant(user, *models, actions=["view", "add", "change", "delete"])
    grant(user, Device, actions=["view"], constraints={"location": str(world.seen.location_id)})
    return logged_in(user)


@pytest.fixture
def everything(world: World) -> Client:
    """Somebody who may view all: what is tried must show the secrets to them, or the test could not fail."""
    return logged_in(get_user_model().objects.create_superuser(username="root"))


def grant(user, *models, actions, constraints=None) -> None:
    permission = ObjectPermission.objects.create(name=str(uuid4()), actions=actions, constraints=constraints)
    permission.object_types.set([ContentType.objects.get_for_model(model) for model in models])
    permission.users.add(user)


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answers(client: Client, world: World, name: str, pattern: URLPattern) -> Iterator[tuple[str, str]]:
    """(what was asked, answer) of a route: as a browser and as HTMX, with every object and all that shows more."""
    if "pk" not in pattern.pattern.regex.groupindex and "pk" not in pattern.pattern.converters:
        asked = [(reverse(name) + query, htmx) for query in OF_LISTS for htmx in ({}, {"HX-Request": "true"})]
    else:
        about = {walk.model_of(pattern), Device} - {None}
        found = [reverse(name, kwargs={"pk": pk}) for model in about for pk in world.pks(model)]
        asked = [(url + query, {}) for url in found for query in OF_OBJECTS]
    for url, headers in asked:
        answer = client.get(url, headers=headers)
        assert answer.status_code < 500, f"{url} answers {answer.status_code}"
        yield f"{url} {headers}", answer.content.decode()


def test_no_url_shows_a_hidden_device(world, limited):
    told = [one for route in walk.routes() for one in answers(limited, world, *route)]
    assert len(told) > 200
    assert [(asked, secrets) for asked, text in told if (secrets := world.leaks(text, asked))] == []


def test_the_same_urls_show_all_to_those_who_may_view_all(world, everything):
    silent = {
        name
        for name, pattern in walk.routes()
        if not any(world.leaks(text) for _, text in answers(everything, world, name, pattern))
    }
    assert {name.rpartition(":")[2] for name in silent} == SILENT


def test_no_get_of_the_openapi_schema_shows_a_hidden_device(world, limited):
    tried = 0
    for where, operation in walk.operations():
        names = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
        assert names in ([], ["id"]), where
        about = world.pks(walk.model_at(where.replace("{id}", str(world.seen.pk)))) if names else [""]
        for pk in about:
            answer = limited.get(where.replace("{id}", pk))
            tried += answer.status_code == 200
            assert not world.leaks(answer.content.decode(), where.replace("{id}", pk)), where
    assert tried > len(CATALOG) * 2


def test_no_write_of_the_openapi_schema_reaches_a_hidden_device(world, limited):
    """Everything that is not a GET, tried on the hidden device with its id and its name."""
    before, tried = counted(world.hidden), []
    for where, method in walk.writes():
        for pk in sorted(world.hidden_pks) if "{id}" in where else [""]:
            for named in (world.hidden.name, str(world.hidden.pk)):
                url = where.replace("{id}", pk)
                body = {"devices": [named], "layers": ["tables", "commands", "runs"], "polling_enabled": False}
                answer = limited.generic(method.upper(), url, json.dumps(body), content_type="application/json")
                assert answer.status_code in (400, 404), (method, url, answer.content)
                assert not world.leaks(answer.content.decode(), f"{url} {named}"), url
                tried.append(where)
    assert {where.rpartition("topology-cache/")[2] for where in tried} >= {"purge/", "rebuild/", "discovery-runs/"}
    assert counted(world.hidden) == before


def counted(device) -> list[int]:
    models = [*(spec.model.versions for spec in CATALOG.values()), CommandOutput.objects, DiscoveryRunItem.objects]
    caches = DeviceCache.objects.filter(device=device, polling_enabled=True).exclude(host_key="")
    return [*(rows.filter(device=device).count() for rows in models), caches.count()]


def test_every_write_of_the_openapi_schema_needs_more_than_to_view(world):
    user = get_user_model().objects.create_user(username="reader")
    grant(user, *APP.get_models(), Device, actions=["view"])
    reader = logged_in(user)
    for where, method in walk.writes():
        kinds = [world.run, *DeviceCache.objects.filter(device=world.seen)]
        for one in kinds if "{id}" in where else [world.run]:
            url = where.replace("{id}", str(one.pk))
            assert reader.generic(method.upper(), url, "{}", content_type="application/json").status_code == 403, url


def test_no_graphql_query_shows_a_hidden_device(world, limited, everything):
    queries = list(walk.graphql_queries())
    assert len(queries) >= 2 * len(CATALOG)
    for query in queries:
        answer = asked(limited, query)
        assert "errors" not in answer, (query, answer)
        assert not world.leaks(str(answer)), query
        assert SEEN in str(answer), f"{query} answers nothing at all"
        assert world.leaks(str(asked(everything, query))), f"{query} could not fail"


def asked(client: Client, query: str) -> dict:
    return client.post("/api/graphql/", {"query": query}, content_type="application/json").json()


def test_search_shows_no_hidden_device(world, limited, everything):
    url = reverse("search")
    hits = 0
    for model in APP.searchable_models:
        for word in sorted(world.secrets):
            params = {"q": word, "model": f"{walk.APP}.{model}"}
            assert not world.leaks(_without(word, limited.get(url, params, headers={"HX-Request": "true"})))
            hits += bool(world.leaks(_without(word, everything.get(url, params, headers={"HX-Request": "true"}))))
    assert hits >= len(APP.searchable_models)


def _without(word, answer) -> str:
    """The answer's table; what was searched for is repeated in links to the list."""
    return answer.content.decode().replace(f"q={word}", "")


def test_counts_are_of_visible_devices(world, limited):
    for spec in CATALOG.values():
        url = reverse(f"plugins-api:{walk.APP}-api:{spec.model._meta.model_name}-list")
        assert limited.get(url).json()["count"] == 1
        assert limited.get(url, {"history": "true"}).json()["count"] == 2
    url = reverse(f"plugins-api:{walk.APP}-api:discoveryrun-detail", kwargs={"pk": world.run.pk})
    run = limited.get(url).json()
    assert (run["total_devices"], run["completed_devices"], len(run["devices"])) == (1, 1, 1)


def test_who_may_view_runs_needs_nothing_more_for_their_devices(world):
    user = get_user_model().objects.create_user(username="reader")
    grant(user, Device, actions=["view"], constraints={"location": str(world.seen.location_id)})
    client, (item,) = logged_in(user), world.run.items.filter(device=world.seen)
    assert client.get(item.get_absolute_url()).status_code == 403
    grant(user, DiscoveryRun, actions=["view"])
    assert item.get_absolute_url() in client.get(world.run.get_absolute_url()).content.decode()
    assert client.get(item.get_absolute_url()).status_code == 200
    assert client.get(world.run.items.get(device=world.hidden).get_absolute_url()).status_code == 404


def test_the_home_page_counts_visible_rows_only(world, limited):
    limited.get(reverse("home"))
    items = registry["homepage_layout"]["panels"]["Topology Cache"]["items"]
    assert {name: item["count"] for name, item in items.items()} == dict.fromkeys(items, 1)


def test_nautobots_own_device_page_of_a_hidden_device_stays_hidden(world, limited):
    assert limited.get(world.hidden.get_absolute_url()).status_code == 404
    assert limited.get(world.seen.get_absolute_url()).status_code == 200


def test_a_hidden_device_cannot_be_discovered(world, limited):
    url = reverse(f"plugins:{walk.APP}:device_discover", kwargs={"pk": world.hidden.pk})
    assert limited.post(url).status_code == 404
    url = reverse(f"plugins-api:{walk.APP}-api:discoveryrun-list")
    for named in (world.hidden.name, str(world.hidden.pk)):
        assert limited.post(url, {"devices": [named]}, content_type="application/json").status_code == 400


@pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
def test_exports_show_no_hidden_device(world, limited):
    user = get_user_model().objects.get(username="limited")
    for model in APP.get_models():
        if model._meta.model_name in ("cachedslice", "discoveryrunitem"):
            continue
        text = export(model, user, "history=true" if issubclass(model, CachedRow) else "")
        assert not world.leaks(text), model
        assert SEEN in text or model is DiscoveryRun, model


def export(model, user, query) -> str:
    """What Nautobot's export Job writes for this user."""
    job = ExportObjectList()
    known = JobModel.objects.get(job_class_name="ExportObjectList")
    job.job_result = JobResult.objects.create(name="export", user=user, job_model=known)
    files: list[str] = []
    job.create_file = lambda name, content: files.append(content.decode() if isinstance(content, bytes) else content)
    job.run(content_type=ContentType.objects.get_for_model(model), query_string=query)
    return files[0]


@pytest.mark.parametrize("table", CATALOG)
def test_a_table_needs_its_own_permission_too(world, table):
    user = get_user_model().objects.create_user(username="devices")
    grant(user, Device, actions=["view"])
    client, model = logged_in(user), CATALOG[table].model
    row = model.objects.filter(device=world.seen).first()
    assert client.get(row.get_absolute_url()).status_code == 403
    assert client.get(row.get_absolute_url(api=True)).status_code == 403
    name = f"cached_{table}"
    assert asked(client, f"{{ {name} {{ id }} devices {{ {name} {{ id }} }} }}")["data"] == {
        name: [],
        "devices": [{name: []}, {name: []}],
    }


def test_a_tab_needs_the_permission_on_its_table(world):
    user = get_user_model().objects.create_user(username="devices")
    grant(user, Device, actions=["view"])
    client = logged_in(user)
    tabs = [name for name, _ in walk.routes() if name.startswith(f"plugins:{walk.APP}:device_")]
    tabs = [name for name in tabs if not name.endswith(("device_discover",))]
    assert len(tabs) >= 5
    for name in tabs:
        assert client.get(reverse(name, kwargs={"pk": world.seen.pk})).status_code == 403, name


def test_row_constraints_hold_for_closed_rows(world):
    user = get_user_model().objects.create_user(username="constrained")
    grant(user, Device, actions=["view"])
    model = CATALOG["routes"].model
    closed = model.versions.get(device=world.seen, valid_to__isnull=False)
    grant(user, model, actions=["view"], constraints={"prefix": closed.prefix})
    url = reverse(f"plugins-api:{walk.APP}-api:cachedroute-list")
    found = logged_in(user).get(url, {"history": "true"}).json()["results"]
    assert [one["id"] for one in found] == [str(closed.pk)]


def test_rows_that_a_run_holds_need_the_permission_on_their_table(world):
    """Rows of a run that cached nothing, rows that fit no record, and lines as the device printed them."""
    place = {"table": "routes", "command": "show ip route", "context": "", "reason": "odd"}
    detail = {"rejected": [{**place, "row": {"PREFIX": "rejectedword"}}], "unparsed": [{**place, "line": "lineword"}]}
    held = {"rows": {"routes": [{"prefix": "rowword"}]}, "detail": detail}
    item = factories.make_item(factories.make_run(), world.seen, **held)
    shown = {
        DiscoveryRun: set(),
        CATALOG["neighbors"].model: set(),
        CATALOG["routes"].model: {"rejectedword", "rowword"},
        CommandOutput: {"rejectedword", "rowword", "lineword"},
    }
    user = get_user_model().objects.create_user(username="growing")
    grant(user, Device, actions=["view"])
    for model, words in shown.items():
        grant(user, model, actions=["view"])
        fresh = get_user_model().objects.get(pk=user.pk)
        page = logged_in(fresh).get(item.get_absolute_url()).content.decode()
        assert {word for word in ("rejectedword", "rowword", "lineword") if word in page} == words, model
        answer = logged_in(fresh).get(f"{walk.REST}discovery-runs/{item.run_id}/").content.decode()
        assert {word for word in ("rejectedword", "rowword", "lineword") if word in answer} == words - {"rowword"}


def test_rows_that_a_run_holds_are_none_of_a_constrained_users(world):
    """There is no object that a constraint could be matched against."""
    place = {"table": "routes", "command": "show ip route", "context": "", "reason": "odd"}
    detail = {"rejected": [{**place, "row": {"PREFIX": "rejectedword"}}]}
    held = {"rows": {"routes": [{"prefix": "rowword"}]}, "detail": detail}
    item = factories.make_item(factories.make_run(), world.seen, **held)
    user = get_user_model().objects.create_user(username="constrained")
    for model in (Device, DiscoveryRun):
        grant(user, model, actions=["view"])
    grant(user, CATALOG["routes"].model, actions=["view"], constraints={"vrf": ""})
    client, run = logged_in(user), f"{walk.REST}discovery-runs/{item.run_id}/"
    told = [client.get(url).content.decode() for url in (item.get_absolute_url(), run, f"{run}result/")]
    assert not [text for text in told if "rowword" in text or "rejectedword" in text]


@pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
def test_an_export_of_device_caches_tells_nothing_of_tables(world):
    """Nautobot's Job does not tell the serializer who asks, and so what they may view."""
    CachedSlice.objects.update(reason="reasonword")
    user = get_user_model().objects.create_user(username="caches")
    grant(user, Device, DeviceCache, actions=["view"])
    text = export(DeviceCache, user, "")
    assert world.seen.name in text
    assert "reasonword" not in text


def test_row_constraints_hold_for_figures_too(world):
    """Slices know how many rows there are, not how many of them somebody may view."""
    user = get_user_model().objects.create_user(username="constrained")
    grant(user, Device, DeviceCache, actions=["view"])
    row = CATALOG["routes"].model.objects.get(device=world.seen)
    grant(user, CATALOG["routes"].model, actions=["view"], constraints={"prefix": row.prefix})
    CachedSlice.objects.update(rows=4242)
    client, api = logged_in(user), f"plugins-api:{walk.APP}-api"
    (cache,) = client.get(reverse(f"{api}:devicecache-list"), {"device": world.seen.name}).json()["results"]
    assert cache["tables"]["routes"]["rows"] == 1
    figures = client.get(reverse(f"{api}:statistics")).json()
    assert figures["largest_devices"] == [
        {"device_id": str(world.seen.pk), "device_name": world.seen.name, "rows": 1},
    ]
    pages = [world.seen.get_absolute_url(), DeviceCache.objects.get(device=world.seen).get_absolute_url()]
    pages += [reverse(f"plugins:{walk.APP}:{name}") for name in ("devicecache_list", "statistics")]
    for page in pages:
        told = client.get(page, headers={"HX-Request": "true"})
        assert told.status_code == 200
        assert "4242" not in told.content.decode().replace(",", ""), page
