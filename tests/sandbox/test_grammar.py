"""Every node of the running interpreter's grammar has a decision, and the documents know it."""

import ast
from collections.abc import Iterator

import pytest

from deputize_guest.dialect import grammar
from deputize_guest.dialect.importable import Importable
from deputize_guest.dialect.policy import Policy


def nodes() -> Iterator[str]:
    """Yield the name of each node that the interpreter knows."""
    for base in ast.AST.__subclasses__():
        for node in base.__subclasses__() or [base]:
            yield node.__name__


def lazy(node: ast.Import) -> ast.Import:
    node.is_lazy = 1
    return node


def visitors() -> set[str]:
    return {name.removeprefix("visit_") for name in vars(Policy) if name.startswith("visit_")}


def test_no_node_is_without_a_decision():
    decided = grammar.PLAIN | grammar.JUDGED | grammar.REFUSED.keys() | grammar.UNREACHABLE

    assert set(nodes()) - decided == set()


def test_no_node_has_two_decisions():
    groups = (grammar.PLAIN, grammar.JUDGED, set(grammar.REFUSED), grammar.UNREACHABLE)

    assert sum(map(len, groups)) == len(set().union(*groups))


def test_what_is_judged_has_a_method_and_nothing_else_has():
    assert visitors() == grammar.JUDGED


def test_the_refusal_of_unknown_nodes_is_restricted_pythons_own():
    assert "generic_visit" not in vars(Policy)


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (
            lazy(ast.Import(names=[ast.alias(name="json")])),
            "lazy imports are not available; import as usual",
        ),
        (
            ast.Expr(ast.ListComp(elt=ast.Starred(ast.Constant([])), generators=[])),
            "unpacking in a comprehension is not available; nest a for",
        ),
        (
            ast.Expr(ast.DictComp(key=ast.Constant({}), value=None, generators=[])),
            "unpacking in a comprehension is not available; nest a for",
        ),
        (ast.Await(ast.Constant(1)), grammar.REFUSED["Await"]),
    ],
)
def test_what_only_newer_pythons_parse_is_refused_already(node, message):
    policy = Policy(Importable({"json": ["loads"]}, ()))
    policy.visit(ast.fix_missing_locations(ast.Module([node], [])))

    assert [each.message for each in policy.problems] == [message]


def test_a_node_that_nobody_has_decided_on_is_refused(monkeypatch):
    monkeypatch.setattr(grammar, "PLAIN", grammar.PLAIN - {"While"})
    policy = Policy(importable=None)
    policy.visit(ast.parse("while 1:\n    pass"))

    assert [(each.code, each.message) for each in policy.problems] == [
        ("SYNTAX_NOT_SUPPORTED", "While is not part of the dialect of scripts")
    ]
