"""Values in a URL that Nautobot would pass on unread: they are the client's mistake, not the server's."""

from __future__ import annotations

from typing import Any

from django.db import DataError
from nautobot.core.settings_funcs import is_truthy
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

SWITCH = "exclude_m2m"
"""Nautobot's own parameter, which it reads deep inside of its serializers."""


class RefusingViewSet:
    """Answers 400 where a filter's value means nothing to the database, such as a regular expression that is none."""

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        try:
            is_truthy(request.query_params.get(SWITCH, "true"))
        except ValueError as error:
            raise ValidationError({SWITCH: [str(error)]}) from error

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, DataError):
            exc = ValidationError(f"The database refuses a value of the URL: {str(exc).splitlines()[0]}")
        return super().handle_exception(exc)  # type: ignore[misc, no-any-return]
