"""Reads a script, and executes nothing of it: whom it reads, what it names, which statuses it ignores.

The client is what is called ``http``, and the form what is called ``form``, unless the script gives these
names another meaning.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from deputize.script_review.columns import columns
from deputize.script_review.name_review import GIVEN, NamedUse, named_uses
from deputize.script_review.path_review import READING, PathReview, PeopleRead
from deputize.script_review.status_review import IgnoredStatus, StatusReview

_CLIENT: Final = "http"
_FORM: Final = "form"
#: What answers with a response, or with several.
_SENDING: Final = {
    _CLIENT: frozenset({"get", "post", "put", "patch", "delete", "request", "send", "pages"}),
    _FORM: frozenset({"post"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptReview:
    """What a script shows of itself, by line."""

    reads: tuple[PeopleRead, ...] = ()
    ignored: tuple[IgnoredStatus, ...] = ()
    #: Lines of reads whose path is made when the script runs: whom they read cannot be told.
    unclear: tuple[int, ...] = ()
    #: What it names of its plan, literally.
    named: tuple[NamedUse, ...] = ()


def review_script(source: str) -> ScriptReview | None:
    """Return what *source* shows; None for what is not Python, or nested too deeply to be read."""
    try:
        return _review(ast.parse(source), source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _review(tree: ast.Module, source: str) -> ScriptReview:
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    paths, statuses, column_of = PathReview(tree), StatusReview(parents), columns(source)
    reads: list[PeopleRead] = []
    ignored: list[IgnoredStatus] = []
    unclear: set[int] = set()
    for call, owner, method in _calls(tree):
        if owner == _CLIENT and method in READING:
            found = paths.read_by(call, method)
            if isinstance(found, PeopleRead):
                reads.append(found)
            elif found == "cannot tell":
                unclear.add(call.lineno)
        if method in _SENDING[owner] and statuses.ignores(call):
            ignored.append(IgnoredStatus(line=call.lineno, column=column_of(call), call=f"{owner}.{method}"))
    return ScriptReview(
        reads=tuple(sorted(reads, key=lambda each: each.line)),
        ignored=tuple(sorted(ignored, key=lambda each: (each.line, each.column))),
        unclear=tuple(sorted(unclear)),
        named=tuple(named_uses(tree, parents, given=GIVEN - _bound(tree), column_of=column_of)),
    )


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str, str]]:
    """Yield the calls of the client and the form, with whose each is, and which."""
    ours = _SENDING.keys() - _bound(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method)) if owner in ours:
                yield node, owner, method


def _bound(tree: ast.Module) -> frozenset[str]:
    """Return the names that the script gives a meaning of its own, by an import or an assignment."""
    bound: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                bound |= {(each.asname or each.name).partition(".")[0] for each in names}
            case ast.Name(id=name, ctx=ast.Store()):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
    return frozenset(bound)
