"""Values in a URL that Nautobot would pass on unread: they are the client's mistake, not the server's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import DataError
from django.db.models import QuerySet
from nautobot.core.settings_funcs import is_truthy
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request as HttpRequest
from rest_framework.response import Response

SWITCH = "exclude_m2m"
"""Nautobot's own parameter, which it reads deep inside of its serializers."""


def refuse_nul(given: Any) -> None:
    """Raises ValidationError for a NUL in any text of a decoded JSON value: PostgreSQL stores and compares none."""
    if isinstance(given, str):
        if "\x00" in given:
            raise ValidationError("Texts must not contain NUL characters.")
    elif isinstance(given, Mapping):
        refuse_nul([*given.keys(), *given.values()])
    elif isinstance(given, list):
        for one in given:
            refuse_nul(one)


class RefusingViewSet:
    """Answers 400 where a filter's value means nothing to the database, such as a regular expression that is none."""

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Looks at the URL first: who may do what is asked of a queryset, for which Nautobot reads it."""
        refuse_nul(dict(request.query_params.lists()))
        try:
            is_truthy(request.query_params.get(SWITCH, "true"))
        except ValueError as error:
            raise ValidationError({SWITCH: [str(error)]}) from error
        super().initial(request, *args, **kwargs)  # type: ignore[misc]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Django's own refusal of a value, such as nothing for a lookup that compares texts."""
        try:
            return super().filter_queryset(queryset)  # type: ignore[misc]
        except ValueError as error:
            raise ValidationError(f"A filter of the URL has a value that it cannot take: {error}") from error

    def finalize_response(self, request: HttpRequest, response: Response, *args: Any, **kwargs: Any) -> Response:
        """A refusal is JSON also where CSV was asked for: Nautobot's CSV knows only objects."""
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if answer.exception and answer.accepted_renderer.format == "csv":
            answer.accepted_renderer, answer.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
            del answer["Content-Disposition"]
        return answer  # type: ignore[no-any-return]

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, DataError):
            exc = ValidationError(f"The database refuses a value of the URL: {str(exc).splitlines()[0]}")
        return super().handle_exception(exc)  # type: ignore[misc, no-any-return]
