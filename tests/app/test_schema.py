"""No request that the OpenAPI schema allows, or nearly allows, is answered with a server error."""

from collections import defaultdict
from collections.abc import Iterator
from uuid import uuid4

import pytest
import schemathesis
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from requests import Request
from schemathesis import GenerationMode

from nautobot_topology_cache.catalog import CATALOG
from tests.app import factories, walk
from tests.inventory import make_device

# What the database refuses must not spoil what a test asks next, as it would in one transaction.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "job_logs"])
ROOT = walk.REST.partition("/plugins")[0]
EXAMPLES = 5
"""Per operation and kind: valid by the schema, and not."""


@pytest.fixture
def known() -> dict[type, str]:
    """Model -> the id of what there is of it: a device with something in every table, its cache, its output, a run."""
    device = make_device("a")
    rows = [factories.make_row(table, device) for table in CATALOG]
    found = [*rows, factories.make_output(device), factories.make_cache(device, host_key="ssh-ed25519 AAAA")]
    return {type(one): str(one.pk) for one in (*found, factories.make_run(device))}


@pytest.fixture
def root() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.create_superuser("root"))
    return client


def operations() -> list:
    described = walk.schema()
    described["servers"] = [{"url": ROOT}]
    return [one.ok() for one in schemathesis.openapi.from_dict(described).get_all_operations()]


def sent(client: Client, case, known: dict[type, str]):
    """The answer to a case; an id of its own making is replaced, for a 404 tells nothing."""
    if case.path_parameters:
        model = walk.model_at(ROOT + case.operation.path.replace("{id}", str(uuid4())))
        case.path_parameters = {"id": known[model]}
    wanted = case.as_transport_kwargs(base_url=f"http://testserver{ROOT}")
    wanted = {name: wanted[name] for name in ("method", "url", "params", "json", "data", "headers") if name in wanted}
    request = Request(**wanted).prepare()
    body = request.body or b""
    content_type = request.headers.get("Content-Type", "application/json")
    return client.generic(request.method, request.path_url, body, content_type=content_type)


def answers(client: Client, operation, mode: GenerationMode, known: dict[type, str]) -> Iterator[tuple[int, str]]:
    """(status, what was asked and answered) of every case; none of what cannot be asked wrongly."""
    told: list[tuple[int, str]] = []

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case) -> None:
        answer = sent(client, case, known)
        told.append((answer.status_code, f"{operation.label} {case.query} {case.body!r:.300}: {answer.content[:300]}"))

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, f"{operation.label} cannot be asked"
    yield from told


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_no_request_is_a_server_error(root, known, mode):
    answered, troubles = defaultdict(set), []
    # What writes comes last: a purge leaves little to ask for.
    for operation in sorted(operations(), key=lambda one: one.method.lower() != "get"):
        for status, words in answers(root, operation, mode, known):
            answered[operation.label].add(status)
            # 503: nobody is there to run it, which is what these tests are without a Celery worker.
            troubles += [words] if status >= 500 and status != 503 else []
    assert not troubles, "\n".join(troubles)
    assert len(answered) > 2 * len(CATALOG)
    if mode is GenerationMode.POSITIVE:
        assert answered.keys() == {one.label for one in operations()}
        details = [label for label in answered if label.startswith("GET") and "{id}" in label]
        assert [label for label in details if 200 not in answered[label]] == []
