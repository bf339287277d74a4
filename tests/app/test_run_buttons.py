"""Buttons of runs: each a POST, each with its permission, each for devices that the user may view."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from nautobot.dcim.models import Device
from nautobot.extras.models import CustomField, Job, JobResult, SavedView
from nautobot.users.models import ObjectPermission, User

from nautobot_topology_cache import jobs
from nautobot_topology_cache.choices import FROM_FILES, FROM_LAYER_1
from nautobot_topology_cache.models import DiscoveryRun
from tests.app import factories
from tests.inventory import make_device

pytestmark = pytest.mark.django_db
APP = "plugins:nautobot_topology_cache"


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """Somebody who would run the Job."""
    Job.objects.filter(job_class_name="DiscoverTopology").update(enabled=True)
    monkeypatch.setattr(jobs, "_workers_on", lambda queue: 1)
    monkeypatch.setattr(JobResult, "enqueue_job", lambda *args, **kwargs: None)


@pytest.fixture
def client(client):
    client.force_login(User.objects.create(username="root", is_superuser=True, is_staff=True))
    return client


@pytest.fixture
def limited(client):
    """Somebody who may view and start runs, and view devices whose name begins with `a`; nothing else."""
    user = User.objects.create(username="limited")
    for model, actions, constraints in (("discoveryrun", ["view", "add"], {}), ("device", ["view"], {"name": "a"})):
        permission = ObjectPermission.objects.create(name=model, actions=actions, constraints=constraints or None)
        permission.object_types.add(ContentType.objects.get(model=model))
        permission.users.add(user)
    client.force_login(user)
    return client


def asked(answer) -> set[str]:
    """The devices of the run that a button led to."""
    assert answer.status_code == 302, answer.content
    run = next(run for run in DiscoveryRun.objects.all() if run.get_absolute_url() == answer.url)
    return set(run.options["devices"])


def test_the_selected_devices_of_the_list(client):
    a, b, _ = (make_device(name) for name in "abc")
    answer = client.post(reverse(f"{APP}:devices_discover"), {"pk": [a.pk, b.pk]})
    assert asked(answer) == {str(a.pk), str(b.pk)}


def test_all_devices_that_the_lists_filters_select(client):
    a, b, _ = (make_device(name) for name in "abc")
    answer = client.post(reverse(f"{APP}:devices_discover") + "?name=a&name=b&per_page=50", {"_all": "", "pk": [a.pk]})
    assert asked(answer) == {str(a.pk), str(b.pk)}


def test_a_user_discovers_no_device_that_they_may_not_view(limited):
    a, b = (make_device(name) for name in "ab")
    assert asked(limited.post(reverse(f"{APP}:devices_discover"), {"pk": [a.pk, b.pk]})) == {str(a.pk)}
    assert asked(limited.post(reverse(f"{APP}:devices_discover"), {"_all": ""})) == {str(a.pk)}


def test_nothing_selected_says_so(client):
    answer = client.post(reverse(f"{APP}:devices_discover"), {}, follow=True)
    assert "Choose devices" in answer.content.decode() or not DiscoveryRun.objects.exists()
    assert not DiscoveryRun.objects.exists()


def test_the_list_of_devices_offers_it(client):
    make_device("a")
    page = client.get(reverse("dcim:device_list")).content.decode()
    assert f'formaction="{reverse(f"{APP}:devices_discover")}"' in page
    assert 'form="object_list_form"' in page


def failed_run(**given):
    run = factories.make_run(**{"status": "completed_with_errors", **given})
    devices = {name: make_device(name) for name in ("a", "b", "c", "d")}
    statuses = ("failed", "completed_with_errors", "completed", "skipped")
    for device, status in zip(devices.values(), statuses, strict=True):
        factories.make_item(run, device, status=status)
    return run, devices


def test_what_failed_is_asked_again_as_it_was_asked(client):
    options = {"tables": ["routes"], "location": [], "devices": [], "command_timeout": 5.0, "cache_results": False}
    run, devices = failed_run(options=options)
    answer = client.post(reverse(f"{APP}:discoveryrun_retry", kwargs={"pk": run.pk}))
    assert asked(answer) == {str(devices["a"].pk), str(devices["b"].pk)}
    again = DiscoveryRun.objects.exclude(pk=run.pk).get().options
    assert (again["tables"], again["command_timeout"], again["cache_results"]) == (["routes"], 5.0, False)


def test_a_rebuild_is_repeated_as_a_rebuild(client):
    run, _ = failed_run(options={"tables": ["routes"], "answers": FROM_LAYER_1})
    asked(client.post(reverse(f"{APP}:discoveryrun_retry", kwargs={"pk": run.pk})))
    assert DiscoveryRun.objects.exclude(pk=run.pk).get().options["answers"] == FROM_LAYER_1


def test_a_user_retries_what_they_may_view(limited):
    run, devices = failed_run()
    assert asked(limited.post(reverse(f"{APP}:discoveryrun_retry", kwargs={"pk": run.pk}))) == {str(devices["a"].pk)}


def test_cancelling_needs_the_permission_to_change(limited):
    run = factories.make_run(make_device("a"), status="pending", completed_at=None)
    url = reverse(f"{APP}:discoveryrun_cancel", kwargs={"pk": run.pk})
    assert limited.post(url).status_code == 403
    run.refresh_from_db()
    assert run.status == "pending"


def test_a_run_is_cancelled_from_its_page(client):
    run = factories.make_run(make_device("a"), status="pending", completed_at=None)
    url = reverse(f"{APP}:discoveryrun_cancel", kwargs={"pk": run.pk})
    assert url in client.get(run.get_absolute_url()).content.decode()
    assert client.post(url).status_code == 302
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert url not in client.get(run.get_absolute_url()).content.decode()


def test_the_devices_of_a_run_by_their_end(client):
    run, _ = failed_run()
    page = client.get(f"{run.get_absolute_url()}?device_status=failed").content.decode()
    assert "1 completed with errors" in page
    assert reverse(f"{APP}:discoveryrun_retry", kwargs={"pk": run.pk}) in page
    items = {item.status: item for item in run.items.all()}
    assert items["failed"].get_absolute_url() in page
    assert items["completed"].get_absolute_url() not in page
    everything = client.get(f"{run.get_absolute_url()}?device_status=nonsense").content.decode()
    assert items["completed"].get_absolute_url() in everything


def test_a_jobs_result_leads_to_its_run(client):
    user = User.objects.get(username="root")
    result = JobResult.objects.create(name="Discover topology", user=user)
    run = factories.make_run(job_result=result)
    assert run.get_absolute_url() in client.get(result.get_absolute_url()).content.decode()
    other = JobResult.objects.create(name="Another", user=user)
    assert run.get_absolute_url() not in client.get(other.get_absolute_url()).content.decode()


def test_ids_that_are_none_select_nothing(client):
    assert client.post(reverse(f"{APP}:devices_discover"), {"pk": ["nonsense"]}).status_code == 302
    assert not DiscoveryRun.objects.exists()


def test_all_devices_are_none_if_the_lists_filters_are_wrong(client):
    """The list itself shows none then; to discover every device would be the opposite."""
    make_device("a")
    assert client.post(reverse(f"{APP}:devices_discover") + "?location=nowhere", {"_all": ""}).status_code == 302
    assert not DiscoveryRun.objects.exists()


def test_all_devices_of_a_saved_view(client):
    a, _ = (make_device(name) for name in "ab")
    owner = User.objects.get(username="root")
    view = SavedView.objects.create(
        name="a alone", owner=owner, view="dcim:device_list", config={"filter_params": {"name": ["a"]}}
    )
    url = reverse(f"{APP}:devices_discover") + f"?saved_view={view.pk}"
    assert asked(client.post(url, {"_all": ""})) == {str(a.pk)}


def test_all_devices_with_a_custom_field(client):
    field = CustomField.objects.create(type="text", label="Colour", key="colour")
    field.content_types.add(ContentType.objects.get_for_model(Device))
    a, _ = (make_device(name) for name in "ab")
    a.cf["colour"] = "red"
    a.save()
    assert asked(client.post(reverse(f"{APP}:devices_discover") + "?cf_colour=red", {"_all": ""})) == {str(a.pk)}


@pytest.mark.parametrize(
    ("options", "title"),
    [({}, "Discovery of "), ({"answers": FROM_LAYER_1}, "Rebuild of "), ({"answers": FROM_FILES}, "Import of ")],
)
def test_a_run_is_called_after_what_it_does(options, title):
    assert str(DiscoveryRun(options=options, created_at=timezone.now())).startswith(title)
