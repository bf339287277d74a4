"""Every door of the app that answers a GET, found in the URL conf, the OpenAPI schema and the GraphQL schema."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, include, path, resolve
from drf_spectacular.generators import SchemaGenerator
from graphene_django.settings import graphene_settings
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type, is_list_type

APP = "nautobot_topology_cache"
SPACES = (("plugins", APP), ("plugins-api", f"{APP}-api"))
REST = "/api/plugins/topology-cache/"


def routes() -> Iterator[tuple[str, URLPattern]]:
    """(name as `reverse` takes it, pattern) of every route of the app's pages and REST API."""
    for outer, inner in SPACES:
        _, resolver = get_resolver().namespace_dict[outer]
        _, resolver = resolver.namespace_dict[inner]
        for pattern in _patterns(resolver):
            if pattern.name:
                yield f"{outer}:{inner}:{pattern.name}", pattern


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one)
        else:
            yield one


def model_of(pattern: URLPattern) -> Any:
    """The model whose objects the route's view shows, or None."""
    return _model_shown_by(pattern.callback)


def model_at(where: str) -> Any:
    """The model whose objects are shown at a path, or None."""
    return _model_shown_by(resolve(where).func)


def _model_shown_by(view: Any) -> Any:
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    queryset = getattr(kind, "queryset", None)
    return None if queryset is None else queryset.model


def schema() -> dict[str, Any]:
    """The OpenAPI schema of the app's part of REST."""
    ours = [path(REST.lstrip("/"), include(f"{APP}.api.urls"))]
    return SchemaGenerator(patterns=ours).get_schema(request=None, public=True)


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """(path, operation) of every GET in the OpenAPI schema, whose own paths are relative to its server."""
    described = schema()
    (server,) = described["servers"]
    for where, methods in described["paths"].items():
        if "get" in methods:
            yield server["url"] + where, methods["get"]


def _paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """Whole paths: Nautobot's schema leaves out what all of its servers have in common."""
    for where, methods in schema()["paths"].items():
        yield REST.partition("/plugins")[0] + where, methods


def writes() -> Iterator[tuple[str, str]]:
    """(path, method) of everything else in the OpenAPI schema."""
    for where, methods in _paths():
        yield from ((where, method) for method in methods if method in ("post", "put", "patch", "delete"))


def graphql_queries() -> Iterator[str]:
    """A query for every field of any type that leads to a type of the app: from the root, and one hop from any list."""
    graph = graphene_settings.SCHEMA.graphql_schema
    root = graph.query_type
    lists = {get_named_type(field.type).name: name for name, field in root.fields.items() if is_list_type(field.type)}
    for name, field in root.fields.items():
        kind = get_named_type(field.type)
        if _ours(kind) and lists.get(kind.name) == name:
            yield f"{{ {name} {_everything(kind)} }}"
    for kind, field in _hops(graph):
        if kind.name in lists:
            found = get_named_type(kind.fields[field].type)
            yield f"{{ {lists[kind.name]} {{ id {field} {_everything(found)} }} }}"


def _hops(graph: GraphQLSchema) -> Iterator[tuple[GraphQLObjectType, str]]:
    """(type, field) of every field that answers objects of the app."""
    for kind in graph.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind is not graph.query_type:
            for name, field in kind.fields.items():
                if _ours(get_named_type(field.type)):
                    yield kind, name


def _ours(kind: Any) -> bool:
    made_by = getattr(getattr(kind, "graphene_type", None), "_meta", None)
    model = getattr(made_by, "model", None)
    return model is not None and model._meta.app_label == APP


def _everything(kind: GraphQLObjectType, deeper: bool = True) -> str:
    """All leaves of a type, and one more hop through its objects: there and back again."""
    chosen = [name for name, field in kind.fields.items() if is_leaf_type(get_named_type(field.type))]
    if deeper:
        for name, field in kind.fields.items():
            further = get_named_type(field.type)
            if isinstance(further, GraphQLObjectType):
                chosen.append(f"{name} {_back(further)}")
    return f"{{ {' '.join(chosen)} }}"


def _back(kind: GraphQLObjectType) -> str:
    """What identifies an object, and every way from it to objects of the app."""
    known = [name for name in ("id", "name", "display") if name in kind.fields]
    ways = [
        f"{name} {_everything(get_named_type(field.type), deeper=False)}"
        for name, field in kind.fields.items()
        if _ours(get_named_type(field.type))
    ]
    return f"{{ {' '.join([*known, *ways])} }}"
