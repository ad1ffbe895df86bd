"""Finds attributes that modules and the objects of the API do not have, where the script makes it certain."""

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from deputize_guest import api
from deputize_guest.dialect.diagnostics import Problem, nearest_or_all, problem_at
from deputize_guest.dialect.names import GUARDED, attribute_refusal

#: What ``main`` is given under these names, in every run.
_GIVEN: Final = {
    "callback": api.Callback,
    "clock": api.Clock,
    "constants": api.Constants,
    "form": api.Form,
    "http": api.Http,
    "initiator": api.Initiator,
    "log": api.Log,
    "request": api.Request,
    "secrets": api.Secrets,
}


def unknown_attributes(
    nodes: Sequence[ast.AST], main: ast.FunctionDef | None, modules: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Return a problem for each attribute that is read of a module or a parameter and is not there.

    *nodes* are all of the script's. A name is certain when nothing else in its reach binds it.
    """
    yield from _of_modules(nodes, modules)
    parameters = {each.arg for each in (*main.args.args, *main.args.kwonlyargs)} if main else set()
    if main is not None and parameters & _GIVEN.keys():
        yield from _of_parameters(list(ast.walk(main)), parameters & _GIVEN.keys())


def _of_modules(nodes: Sequence[ast.AST], modules: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    imported = dict(_imported(nodes, modules))
    if not imported:
        return
    elsewhere = set(_bound(nodes))
    for node in nodes:
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        path = _path(node)
        if not path or path[0] not in imported or path[0] in elsewhere:
            continue
        module = ".".join([imported[path[0]], *path[1:-1]])
        # What is not a module on the way, or is refused by its name, is judged elsewhere.
        if module in modules and path[-1] not in modules[module] and _may_be_read(path[-1]):
            message = f'{module} has no "{path[-1]}" for scripts.{nearest_or_all(path[-1], modules[module])}'
            yield problem_at(node, "ATTRIBUTE_UNKNOWN", message)


def _imported(nodes: Iterable[ast.AST], modules: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """Yield each name that an import binds to a module, and the module's full name."""
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield (alias.asname, alias.name) if alias.asname else (top, top)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in modules:
                    yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _of_parameters(nodes: Sequence[ast.AST], parameters: Collection[str]) -> Iterator[Problem]:
    bindings = Counter(_bound(nodes))
    for node in nodes:
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        owner = node.value.id
        # Once: as the parameter itself.
        if owner in parameters and bindings[owner] == 1 and _may_be_read(node.attr):
            known = [name for name in dir(_GIVEN[owner]) if not name.startswith("_")]
            if node.attr not in known:
                message = f'{owner} has no "{node.attr}".{nearest_or_all(node.attr, known)}'
                yield problem_at(node, "ATTRIBUTE_UNKNOWN", message)


def _may_be_read(name: str) -> bool:
    return not name.startswith("_") and name not in GUARDED and attribute_refusal(name) is None


def _path(node: ast.expr) -> list[str]:
    """Return the names of ``a.b.c``, or nothing when it is more than names."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        path = _path(node.value)
        return [*path, node.attr] if path else []
    return []


def _bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield each name as often as something but an import binds it."""
    for node in nodes:
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, _NAMED) and node.name is not None:
            yield node.name
        elif isinstance(node, ast.MatchMapping) and node.rest is not None:
            yield node.rest


_NAMED: Final = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.ExceptHandler,
    ast.MatchAs,
    ast.MatchStar,
)
