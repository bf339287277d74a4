"""Which of Nautobot's verbs an action needs: a POST is not always the making of an object."""

from __future__ import annotations

from typing import Any

from nautobot.core.api.authentication import TokenPermissions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request as HttpRequest


class ActionPermissions(TokenPermissions):
    """The verb that the view's `verbs` has for the action; without one, the usual verb of the method."""

    def get_required_permissions(self, method: str, model_cls: type) -> list[str]:
        if method in SAFE_METHODS or self.verb is None:
            return super().get_required_permissions(method, model_cls)
        meta = model_cls._meta
        return [f"{meta.app_label}.{self.verb}_{meta.model_name}"]

    def has_permission(self, request: HttpRequest, view: Any) -> bool:
        self.verb = view.verbs.get(view.action)
        return super().has_permission(request, view)

    def has_object_permission(self, request: HttpRequest, view: Any, obj: Any) -> bool:
        """Objects outside the view's restricted queryset are not found in the first place."""
        return True
