"""Decides what a script may say, once, before it runs.

Theory of operation: RestrictedPython refuses every node of the grammar that has no visitor, so that a new
Python adds no hole. Its run-time guards are left out: a name, an attribute's among them, is a constant of
the program, so it is judged here and the bytecode stays plain. Only the attributes of ``names.GUARDED``,
whose danger depends on the object, are routed through a guard, under a name that no script can write.

Names stand in the tree as bare texts in many places, and each must be judged: parameters, functions,
classes, imports, handlers, ``global`` and ``nonlocal``, keywords, captures and keywords of patterns.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from RestrictedPython.transformer import RestrictingNodeTransformer

from deputize_guest.dialect import grammar, names
from deputize_guest.dialect.diagnostics import Problem, problem_at
from deputize_guest.dialect.importable import Importable
from deputize_guest.private_names import MARK, shown

#: The name of the attribute guard among a script's globals. No identifier, so no script can say it.
GUARD: Final = "<attribute>"

Scope = Literal["module", "function", "class"]


class Policy(RestrictingNodeTransformer):
    """Rewrites a module for the sandbox and collects all that is wrong with it in ``problems``."""

    def __init__(self, importable: Importable) -> None:
        super().__init__()
        self._importable = importable
        self.problems: list[Problem] = []
        #: Every name that a statement of the script binds, anywhere; spelt as inside.
        self.bound: set[str] = set()
        #: Where each name is read; spelt as inside.
        self.read: dict[str, list[ast.Name]] = {}
        self._scope: Scope = "module"
        self._in_pattern = False
        self._class: str | None = None

    def visit(self, node: ast.AST) -> Any:
        """Visit *node* as the grammar says. What was refused stays, so that the rest can be judged too."""
        kind = type(node).__name__
        if kind in grammar.PLAIN:
            return self.node_contents_visit(node)
        if kind in grammar.JUDGED:
            return super().visit(node)
        # RestrictedPython's way to refuse: it may know the node, but nobody has decided on it here.
        self.generic_visit(node)
        if isinstance(node, ast.AsyncFunctionDef):
            return self.visit_FunctionDef(node)
        return self.node_contents_visit(node) if kind in grammar.REFUSED else node

    # How problems are told

    def error(self, node: ast.AST, info: str) -> None:
        """Record what RestrictedPython itself objects to."""
        self.refuse(node, "SYNTAX_NOT_SUPPORTED", info)

    def refuse(self, node: ast.AST, code: str, message: str) -> None:
        """Record a problem at *node*."""
        self.problems.append(problem_at(node, code, message))

    def not_allowed(self, node: ast.AST) -> None:
        """Record that *node* is not part of the dialect."""
        kind = type(node).__name__
        advice = grammar.REFUSED.get(kind, f"{kind} is not part of the dialect of scripts")
        self.refuse(node, "SYNTAX_NOT_SUPPORTED", advice)

    # Names

    def _bind(self, node: ast.AST, name: str) -> str:
        """Judge a name that *node* binds and return its spelling inside."""
        if MARK in name:
            self.refuse(node, "NAME_NOT_ALLOWED", "the letter U+02CD may not stand in a name")
        elif name in names.UNBINDABLE:
            self.refuse(
                node, "NAME_NOT_ALLOWED", f'"{name}" cannot be given another meaning; choose another name'
            )
        elif self._scope == "class":
            return self._bind_in_class(node, name)
        elif names.is_dunder(name):
            self._refuse_dunder(node, name)
        return self._noted(names.private(name, self._class))

    def _bind_in_class(self, node: ast.AST, name: str) -> str:
        # What a class body binds is an attribute of the class: a dataclass makes ``__match_args__`` of it.
        if name in names.METHODS:
            return self._noted(name)
        if names.is_dunder(name):
            self._refuse_dunder(node, name)
        elif refusal := names.attribute_refusal(name):
            self.refuse(node, "ATTRIBUTE_NOT_ALLOWED", f"{refusal}; choose another name")
        return self._noted(names.private(name, self._class))

    def _noted(self, name: str) -> str:
        self.bound.add(name)
        return name

    def _refuse_dunder(self, node: ast.AST, name: str) -> None:
        if name in names.METHODS:
            advice = f'"{name}" is defined in the body of a class'
        else:
            advice = names.attribute_refusal(name) or f'"{name}" belongs to the interpreter'
        self.refuse(node, "NAME_NOT_ALLOWED", advice)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Judge a name where it is read, bound or deleted."""
        if not isinstance(node.ctx, ast.Load):
            node.id = self._bind(node, node.id)
            return node
        name = node.id
        if name == "super":
            self.refuse(node, "NAME_NOT_ALLOWED", "super is called without arguments: super().method(…)")
        elif MARK in name:
            self.refuse(node, "NAME_NOT_ALLOWED", "the letter U+02CD may not stand in a name")
        elif names.is_dunder(name):
            if name != "__name__" and not (self._scope == "class" and name in names.METHODS):
                self._refuse_dunder(node, name)
            return node
        node.id = names.private(name, self._class)
        self.read.setdefault(node.id, []).append(node)
        return node

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> ast.AST:
        """Judge the names, which are bare texts."""
        node.names = [self._bind_elsewhere(node, name) for name in node.names]
        return node

    visit_Nonlocal = visit_Global

    def _bind_elsewhere(self, node: ast.AST, name: str) -> str:
        # In a class body too, such a name is none of the class's.
        with self._within("function"):
            return self._bind(node, name)

    # Attributes

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Judge an attribute's name; leave the access itself as it is, unless only the object can tell."""
        loads = isinstance(node.ctx, ast.Load)
        name = node.attr
        if loads and name in names.METHODS and _is_super_call(node.value):
            return node
        if not loads and name in names.READABLE:
            self.refuse(node, "ATTRIBUTE_NOT_ALLOWED", f'"{name}" can be read, not set')
        elif name not in names.GUARDED and (refusal := names.attribute_refusal(name)):
            self.refuse(node, "ATTRIBUTE_NOT_ALLOWED", refusal)
        node = self.node_contents_visit(node)
        if loads and name in names.GUARDED:
            if self._in_pattern:
                self._refuse_in_pattern(node, name)
                return node
            call = ast.Call(
                func=ast.Name(GUARD, ast.Load()),
                args=[node.value, ast.Constant(name), ast.Constant(names.private(name, self._class))],
                keywords=[],
            )
            return ast.fix_missing_locations(ast.copy_location(call, node))
        node.attr = names.private(name, self._class)
        return node

    # Imports

    def visit_Import(self, node: ast.Import) -> ast.AST:
        """Judge the modules, then the names they are bound to."""
        self._refuse_lazy(node)
        for alias in node.names:
            if refusal := self._importable.refuse_module(alias.name):
                self.refuse(node, *refusal)
            if alias.asname is not None:
                alias.asname = self._bind(node, alias.asname)
            else:
                self._bind(node, alias.name.partition(".")[0])
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        """Judge the module and each name, then the names they are bound to."""
        self._refuse_lazy(node)
        if refusal := self._importable.refuse_source(node.module, node.level):
            self.refuse(node, *refusal)
        for alias in node.names:
            if not refusal and (refused := self._importable.refuse_name(node.module or "", alias.name)):
                self.refuse(alias, *refused)
            bound = self._bind(node, alias.asname or alias.name)
            if bound != alias.name or alias.asname:
                alias.asname = bound
        return node

    def _refuse_lazy(self, node: Any) -> None:
        if getattr(node, "is_lazy", 0):
            self.refuse(node, "SYNTAX_NOT_SUPPORTED", "lazy imports are not available; import as usual")

    # Statements

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Leave ``x.n += 1`` to the interpreter: it evaluates the target once, and first."""
        if isinstance(node.target, ast.Attribute) and node.target.attr in names.GUARDED_AND_OWN:
            self.refuse(
                node.target,
                "ATTRIBUTE_NOT_ALLOWED",
                f'"{node.target.attr}" cannot be assigned to in place; choose another name',
            )
        return self.node_contents_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """Judge the name of the exception."""
        if node.name is not None:
            node.name = self._bind(node, node.name)
        return self.node_contents_visit(node)

    # Patterns: what they bind and read are bare texts

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """Judge the pattern, in which no call can stand, then the rest."""
        self._in_pattern = True
        node.pattern = self.visit(node.pattern)
        self._in_pattern = False
        if node.guard is not None:
            node.guard = self.visit(node.guard)
        node.body = [self.visit(each) for each in node.body]
        return node

    def visit_MatchStar(self, node: ast.MatchStar | ast.MatchAs) -> ast.AST:
        """Judge what is captured."""
        if node.name is not None:
            node.name = self._bind(node, node.name)
        return self.node_contents_visit(node)

    visit_MatchAs = visit_MatchStar

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        """Judge the name of the rest."""
        if node.rest is not None:
            node.rest = self._bind(node, node.rest)
        return self.node_contents_visit(node)

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        """Judge the attributes that are read by keyword; ``__match_args__`` can only name judged ones."""
        node.kwd_attrs = [self._judge_read(node, name) for name in node.kwd_attrs]
        return self.node_contents_visit(node)

    def _judge_read(self, node: ast.AST, name: str) -> str:
        if name in names.GUARDED:
            self._refuse_in_pattern(node, name)
        elif refusal := names.attribute_refusal(name):
            self.refuse(node, "ATTRIBUTE_NOT_ALLOWED", refusal)
        return names.private(name, self._class)

    def _refuse_in_pattern(self, node: ast.AST, name: str) -> None:
        message = f'"{name}" cannot stand in a pattern; read it in the case'
        self.refuse(node, "ATTRIBUTE_NOT_ALLOWED", message)

    # Calls

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Leave calls as they are; ``super()`` is a form of the language, not a function."""
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            if not _is_super_call(node):
                self.refuse(node, "NAME_NOT_ALLOWED", "super is called without arguments: super().method(…)")
                node.args, node.keywords = [], []
            return node
        return self.node_contents_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        """Judge the name; it may become a parameter."""
        if node.arg is not None:
            if MARK in node.arg or names.is_dunder(node.arg):
                self.refuse(
                    node, "NAME_NOT_ALLOWED", f'"{shown(node.arg)}" cannot be the name of an argument'
                )
            node.arg = names.private(node.arg)
        return self.node_contents_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        """Leave iteration as it is."""
        if node.is_async:
            self.refuse(node.target, "SYNTAX_NOT_SUPPORTED", grammar.REFUSED["AsyncFor"])
        return self.node_contents_visit(node)

    def _visit_comprehension_of(self, node: ast.AST) -> Any:
        with self._within("function"):
            return self.node_contents_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Visit what is a scope of its own."""
        if isinstance(node.elt, ast.Starred):
            self.refuse(
                node, "SYNTAX_NOT_SUPPORTED", "unpacking in a comprehension is not available; nest a for"
            )
        return self._visit_comprehension_of(node)  # type: ignore[no-any-return]

    visit_SetComp = visit_ListComp  # type: ignore[assignment] # all three have an elt
    visit_GeneratorExp = visit_ListComp  # type: ignore[assignment] # all three have an elt

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """Visit what is a scope of its own."""
        if node.value is None:
            self.refuse(
                node, "SYNTAX_NOT_SUPPORTED", "unpacking in a comprehension is not available; nest a for"
            )
        return self._visit_comprehension_of(node)  # type: ignore[no-any-return]

    # Functions and classes

    def visit_arg(self, node: ast.arg) -> ast.AST:
        """Judge the name of a parameter, of whichever kind."""
        with self._within("function"):
            node.arg = self._bind(node, node.arg)
        return self.node_contents_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        """Judge name and parameters, then the body as a scope of its own."""
        self._refuse_type_parameters(node)
        node.name = self._bind(node, node.name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.args = self.visit(node.args)
        if node.returns is not None:
            node.returns = self.visit(node.returns)
        with self._within("function"):
            node.body = [self.visit(each) for each in node.body]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Judge the parameters, then the body as a scope of its own."""
        node.args = self.visit(node.args)
        with self._within("function"):
            node.body = self.visit(node.body)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Judge name and bases, then the body as a scope of its own."""
        self._refuse_type_parameters(node)
        for keyword in node.keywords:
            self.refuse(
                keyword, "SYNTAX_NOT_SUPPORTED", "keywords of a class, such as metaclass=, are not available"
            )
        for base in node.bases:
            if isinstance(base, ast.Starred):
                self.refuse(base, "SYNTAX_NOT_SUPPORTED", "the bases of a class are written one by one")
        name = node.name
        node.name = self._bind(node, name)
        node.decorator_list = [self.visit(each) for each in node.decorator_list]
        node.bases = [self.visit(each) for each in node.bases]
        with self._within("class", name):
            node.body = [self.visit(each) for each in node.body]
        return node

    def _refuse_type_parameters(self, node: Any) -> None:
        for parameter in getattr(node, "type_params", ()):
            self.refuse(parameter, "SYNTAX_NOT_SUPPORTED", grammar.NO_TYPE_PARAMETERS)
            self.bound.add(parameter.name)

    @contextmanager
    def _within(self, scope: Scope, class_name: str | None = None) -> Iterator[None]:
        before = self._scope, self._class
        self._scope, self._class = scope, class_name or self._class
        try:
            yield
        finally:
            self._scope, self._class = before


def _is_super_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "super"
        and not node.args
        and not node.keywords
    )
