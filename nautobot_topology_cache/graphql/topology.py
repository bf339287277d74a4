"""GraphQL's `topology`: the picture that REST gives, with REST's parameters as arguments and for the same eyes.

Types and arguments are made of REST's serializers, so that a name or a meaning cannot differ between the two.
"""

from __future__ import annotations

from typing import Any

import graphene
from graphene.types.generic import GenericScalar
from graphql import GraphQLError
from nautobot.core.graphql import schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from nautobot_topology_cache import drawing
from nautobot_topology_cache.api import topology

SCALARS: dict[type[serializers.Field], type] = {
    serializers.CharField: graphene.String,
    serializers.ChoiceField: graphene.String,
    serializers.DateTimeField: graphene.String,
    serializers.UUIDField: graphene.ID,
    serializers.BooleanField: graphene.Boolean,
    serializers.IntegerField: graphene.Int,
    serializers.FloatField: graphene.Float,
    serializers.DictField: GenericScalar,
}
"""A field of a serializer -> GraphQL's scalar; moments are text, as in REST."""


def _type_of(field: serializers.Field) -> Any:
    if isinstance(field, (serializers.ListField, serializers.ListSerializer)):
        return graphene.List(graphene.NonNull(_type_of(field.child)))
    if isinstance(field, serializers.Serializer):
        return object_type(type(field))
    return SCALARS[type(field)]


def object_type(serializer: type[serializers.Serializer]) -> type[graphene.ObjectType]:
    """The GraphQL type with the fields of a serializer, called after the topology."""
    known = {name: graphene.Field(_type_of(field)) for name, field in serializer().fields.items()}
    name = f"Topology{serializer.__name__.removesuffix('Serializer').removeprefix('Topology')}Type"
    return type(name, (graphene.ObjectType,), {**known, "__doc__": serializer.__doc__, "__module__": __name__})


def arguments(serializer: type[serializers.Serializer]) -> dict[str, graphene.Argument]:
    """REST's parameters; what is not given has REST's default."""
    fields = serializer().fields.items()
    return {name: graphene.Argument(_type_of(field), description=field.help_text) for name, field in fields}


def resolve_topology(root: Any, info: Any, **given: Any) -> dict[str, Any]:
    """The picture of what the user may view; a parameter that is wrong is named in the error."""
    user = info.context.user
    try:
        checked = topology.TopologyQuerySerializer(data=given)
        checked.is_valid(raise_exception=True)
        question = topology.question(dict(checked.validated_data), user)
    except ValidationError as error:
        raise GraphQLError("; ".join(f"{name}: {_words(why)}" for name, why in error.detail.items())) from error
    return drawing.shown(question, user)


def _words(why: Any) -> str:
    if isinstance(why, dict):
        return " ".join(map(_words, why.values()))
    return " ".join(map(str, why)) if isinstance(why, list) else str(why)


def add_to_queries() -> None:
    """Nautobot makes queries of models only and asks no app for others: `topology` joins what it makes."""
    made_of_models = schema.generate_query_mixin
    shown = graphene.Field(
        object_type(topology.TopologySerializer),
        args=arguments(topology.TopologyQuerySerializer),
        resolver=resolve_topology,
        description="Nodes, links with their evidence, and the neighbors that could not be matched.",
    )

    def with_topology() -> type:
        return type("QueryMixin", (made_of_models(),), {"topology": shown})

    schema.generate_query_mixin = with_topology
