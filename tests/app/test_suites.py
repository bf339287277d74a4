"""Nautobot's own suites, for every table of the catalog and for what is kept beside the tables."""

from typing import Any

from django.test import override_settings
from nautobot.apps.testing import APIViewTestCases, FilterTestCases, ViewTestCases

from nautobot_topology_cache import filters
from nautobot_topology_cache.catalog import CATALOG
from nautobot_topology_cache.models import CommandOutput, DeviceCache, DiscoveryRun
from tests.app import factories
from tests.inventory import make_device

NOT_OURS = {
    "test_table_with_indentation_is_removed_on_filter_or_sort": "trees of objects",
    "test_model_properties_as_table_columns_are_not_orderable": "Nautobot runs it on its own models only",
    "test_filter_form_fields_are_working": "Nautobot runs it on its own models only",
    "test_list_view_app_banner": "Nautobot's example app",
    "test_filters_distinct": "Nautobot runs it on its own models only",
    "test_tags_filter": "tags",
    "test_content_type_related_fields_uses_content_type_filter": "content types",
    "test_q_filter_valid": "a `q` made of Nautobot's SearchFilter",
    "test_list_objects_exclude_m2m": "many-to-many fields",
}
"""Inherited tests that would be skipped, with what they are about."""
OF_LINKS = (
    "test_get_object_depth_1_constrained_permission",
    "test_list_objects_depth_1_constrained_permission",
)
"""Inherited tests of what objects link to; they skip models that link to nothing but their Device."""


class OfDevices:
    """Whoever views rows may view their devices; three devices have what is tested."""

    user_permissions = ("dcim.view_device",)

    @classmethod
    def setUpTestData(cls) -> None:
        for n in (1, 2, 3):
            cls.make(make_device(f"suite-{n}"), n)

    @classmethod
    def make(cls, device: Any, n: int) -> Any:
        raise NotImplementedError

    def get_depth_fields(self) -> list[str]:
        """A row's Device is visible to all who may see the row, so it is never cut short."""
        return [name for name in super().get_depth_fields() if name != "device"]


class Suites:
    """In here they are not collected themselves, only for each model."""

    class Pages(OfDevices, ViewTestCases.GetObjectViewTestCase, ViewTestCases.ListObjectsViewTestCase):
        """Read-only pages."""

        def test_list_objects_anonymous_with_exempt_permission_for_one_view_only(self) -> None:
            """Rows that everybody may view are shown to nobody who may not view their devices."""
            self.client.logout()
            label, row = self.model._meta.label_lower, self.model.objects.first().get_absolute_url()
            of_devices = self.model is not DiscoveryRun
            for exempt, shown in (([label, "dcim.device"], True), ([label], not of_devices)):
                with override_settings(EXEMPT_VIEW_PERMISSIONS=exempt):
                    page = self.client.get(self._get_url("list"), headers={"HX-Request": "true"})
                self.assertHttpStatus(page, 200)
                assert (row in page.content.decode()) is shown

    class Rest(OfDevices, APIViewTestCases.GetObjectViewTestCase, APIViewTestCases.ListObjectsViewTestCase):
        """Read-only REST."""

    class Filters(OfDevices, FilterTestCases.FilterTestCase):
        """Filter sets."""


def suites(model: type, make: Any, tested: tuple[tuple[str, ...], ...]) -> dict[str, type]:
    """The three suites of one model. `make` gives a device its object, `tested` are filters to try on values."""
    shared = {"model": model, "make": classmethod(lambda cls, device, n: make(device, n)), "__module__": __name__}
    every = getattr(model, "versions", model.objects)
    filterset = getattr(filters, f"{model.__name__}FilterSet")
    of_filters = {"queryset": every.all(), "filterset": filterset, "generic_filter_tests": tested}
    made = {
        f"{model.__name__}PageTest": type(f"{model.__name__}PageTest", (Suites.Pages,), shared),
        f"{model.__name__}RestTest": type(f"{model.__name__}RestTest", (Suites.Rest,), shared),
        f"{model.__name__}FilterTest": type(f"{model.__name__}FilterTest", (Suites.Filters,), {**shared, **of_filters}),
    }
    unlinked = {field.name for field in model._meta.fields if field.is_relation} <= {"device", "slice"}
    for suite in made.values():
        for name in (*NOT_OURS, *(OF_LINKS if unlinked else ())):
            if hasattr(suite, name):
                setattr(suite, name, None)
    return made


OF_DEVICE = (("device", "device__name"), ("device", "device__id"))

for _table, _spec in CATALOG.items():
    globals().update(
        suites(
            _spec.model,
            lambda device, n, table=_table: factories.make_row(table, device, n),
            (*OF_DEVICE, *((column,) for column in _spec.key if column in factories.BY_NAME)),
        )
    )

globals().update(suites(CommandOutput, factories.make_output, (*OF_DEVICE, ("command",))))
globals().update(suites(DeviceCache, lambda device, n: factories.make_cache(device, driver=f"os{n}"), OF_DEVICE))
globals().update(suites(DiscoveryRun, lambda device, n: factories.make_run(device), ()))
