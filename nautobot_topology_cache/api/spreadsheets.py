"""Keeps what devices print from becoming a formula in the spreadsheet that opens an export."""

from __future__ import annotations

from typing import Any

from nautobot.apps.api import BaseModelSerializer

from nautobot_topology_cache.topology.export import FORMULA


def inert(value: Any) -> Any:
    """The value with an apostrophe before it if a spreadsheet would evaluate it; the apostrophe is not shown there."""
    if isinstance(value, list):
        return [inert(one) for one in value]
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class InertInCSVSerializer(BaseModelSerializer):
    """A serializer whose CSV can be opened in a spreadsheet; JSON keeps every character."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {name: inert(value) for name, value in shown.items()} if self._is_csv_request() else shown
