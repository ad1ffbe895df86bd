"""Finds what a script names of its plan: endpoints, constants and secrets, where it does so literally.

Theory of operation. Only what is certain is told. A constant that the script itself asks for first, with
``in``, and one whose absence it catches, may be missing and is left alone.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Literal

#: The parameters that hold what a plan has by name, and what that is.
_KINDS: Final[Mapping[str, Literal["constant", "secret"]]] = {"constants": "constant", "secrets": "secret"}
GIVEN: Final = _KINDS.keys()
#: What catches the error of a name that is not there.
_CATCHES: Final = frozenset({"KeyError", "LookupError", "Exception"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedUse:
    """Something of the plan that a script names, and where."""

    kind: Literal["endpoint", "constant", "secret"]
    name: str
    line: int
    column: int


def named_uses(
    tree: ast.Module,
    parents: Mapping[ast.AST, ast.AST],
    *,
    given: AbstractSet[str],
    column_of: Callable[[ast.expr], int],
) -> Iterator[NamedUse]:
    """Yield what the script of *tree* names, in no order.

    *given* are those of ``GIVEN`` to which the script gives no other meaning. *parents* are the nodes of the
    tree, by what is in them.
    """
    asked = {(owner, name) for node in ast.walk(tree) for owner, name in _asked_for(node)}
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="endpoint", value=ast.Constant(value=str() as name) as value):
                yield NamedUse(kind="endpoint", name=name, line=value.lineno, column=column_of(value))
            case ast.Subscript(
                value=ast.Name(id=owner), slice=ast.Constant(value=str() as name) as value, ctx=ast.Load()
            ) if owner in given and (owner, name) not in asked and not _is_caught(node, parents):
                yield NamedUse(kind=_KINDS[owner], name=name, line=value.lineno, column=column_of(value))


def _asked_for(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Compare(
            left=ast.Constant(value=str() as name),
            ops=[ast.In() | ast.NotIn()],
            comparators=[ast.Name(id=owner)],
        ):
            yield owner, name


def _is_caught(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether *node* stands in the body of a ``try`` that catches a missing key."""
    while (parent := parents.get(node)) is not None:
        if isinstance(parent, ast.Try) and node in parent.body and any(map(_catches, parent.handlers)):
            return True
        node = parent
    return False


def _catches(handler: ast.ExceptHandler) -> bool:
    match handler.type:
        case None:
            return True
        case ast.Tuple(elts=several):
            return any(isinstance(each, ast.Name) and each.id in _CATCHES for each in several)
        case ast.Name(id=name):
            return name in _CATCHES
        case _:
            return False
