"""Finds the calls of a script at whose status nothing looks.

Theory of operation. Only what is certain is told. A response that is returned, passed on, or kept where it
cannot be followed may be looked at elsewhere, and is left alone. Of several responses under one name it is
enough that one is looked at.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

#: What tells the status of a response, and what tells only the rest of it.
_STATUS: Final = frozenset({"ok", "refused", "status_code", "status_message", "reason", "raise_for_status"})
_REST: Final = frozenset({"json", "text", "headers", "url"})

#: Whether a status is looked at.
_Look: TypeAlias = Literal["looked at", "ignored", "cannot tell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredStatus:
    """A call whose status nothing looks at."""

    line: int
    column: int
    #: As the script writes it: ``http.post``.
    call: str


class StatusReview:
    """Follows the responses of a script; *parents* are the nodes of its tree, by what is in them."""

    def __init__(self, parents: Mapping[ast.AST, ast.AST]) -> None:
        self._parents = parents

    def ignores(self, call: ast.Call) -> bool:
        """Whether it is certain that nothing looks at the status of what *call* returns."""
        return self._look(call) == "ignored"

    def _look(self, node: ast.AST) -> _Look:
        """Return what becomes of the response that *node* stands for."""
        match self._parents[node]:
            case ast.Attribute(attr=name):
                return _look_of(name)
            case ast.Expr():
                return "ignored"
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return self._look_of_uses(node, name)
            case ast.For(target=ast.Name(id=name), iter=iterated) if iterated is node:
                return self._look_of_uses(node, name)
            case ast.NamedExpr(target=ast.Name(id=name)) as named:
                looks = {self._look(named), self._look_of_uses(node, name)}
                return _worst(looks)
            case _:
                return "cannot tell"

    def _look_of_uses(self, node: ast.AST, name: str) -> _Look:
        scope = self._scope(node)
        looks: set[_Look] = set()
        for each in ast.walk(scope):
            match each:
                case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                    looks.add("cannot tell")
                case ast.Name(id=used, ctx=ast.Load()) if used == name:
                    parent = self._parents[each]
                    looks.add(_look_of(parent.attr) if isinstance(parent, ast.Attribute) else "cannot tell")
        return _worst(looks)

    def _scope(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.Module):
            node = self._parents[node]
        return node


def _look_of(name: str) -> _Look:
    if name in _STATUS:
        return "looked at"
    return "ignored" if name in _REST else "cannot tell"


def _worst(looks: set[_Look]) -> _Look:
    """Return what holds for a response of which one thing or another is made."""
    if "looked at" in looks:
        return "looked at"
    return "cannot tell" if "cannot tell" in looks else "ignored"
