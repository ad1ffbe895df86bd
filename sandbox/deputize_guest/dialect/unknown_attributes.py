"""Finds attributes that modules and the objects of the API do not have, where the script makes it certain."""

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
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
    tree: ast.Module, main: ast.FunctionDef | None, modules: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Return a problem for each attribute that is read of a module or a parameter and is not there.

    A name is certain when nothing else in its reach binds it.
    """
    yield from _of_modules(tree, modules)
    if main is not None:
        yield from _of_parameters(main)


def _of_modules(tree: ast.Module, modules: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                imported[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and f"{node.module}" in modules:
            for alias in node.names:
                if f"{node.module}.{alias.name}" in modules:
                    imported[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    bindings = Counter(_bound(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        path = _path(node)
        if not path or path[0] not in imported or bindings[path[0]]:
            continue
        module = ".".join([imported[path[0]], *path[1:-1]])
        # What is not a module on the way, or is refused by its name, is judged elsewhere.
        if module in modules and path[-1] not in modules[module] and _may_be_read(path[-1]):
            message = f'{module} has no "{path[-1]}" for scripts.{nearest_or_all(path[-1], modules[module])}'
            yield problem_at(node, "ATTRIBUTE_UNKNOWN", message)


def _of_parameters(main: ast.FunctionDef) -> Iterator[Problem]:
    parameters = {each.arg for each in (*main.args.args, *main.args.kwonlyargs)} & _GIVEN.keys()
    bindings = Counter(_bound(main))
    for node in ast.walk(main):
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


def _bound(tree: ast.AST) -> Iterator[str]:
    """Yield each name as often as something but an import binds it."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                yield name
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name
            case ast.Global(names=several) | ast.Nonlocal(names=several):
                yield from several
