"""Compiles a script: judges all of it, and runs none of it."""

import ast
import marshal
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from deputize_guest.dialect import names
from deputize_guest.dialect.diagnostics import Problem, did_you_mean, problem_at
from deputize_guest.dialect.importable import Importable
from deputize_guest.dialect.policy import Policy
from deputize_guest.dialect.positions import count_characters
from deputize_guest.dialect.script_builtins import INSTEAD, NAMES
from deputize_guest.dialect.unknown_attributes import unknown_attributes
from deputize_guest.private_names import shown

MAIN: Final = "main"
#: More are of no use to anybody.
_PROBLEMS: Final = 200
#: Names among which the nearest is looked for: each takes time, and a hostile script has many.
_NEIGHBOURS: Final = 500


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of ``main``."""

    name: str
    line: int
    column: int
    required: bool


@dataclass(frozen=True, slots=True)
class EndpointUse:
    """An endpoint that a script names literally."""

    name: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A script that may run."""

    code: bytes
    parameters: tuple[Parameter, ...]
    endpoints: tuple[EndpointUse, ...]
    #: The shared libraries that it imports.
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A script that may not run, and everything that is wrong with it."""

    problems: tuple[Problem, ...]
    #: The shared libraries that it imports, as far as it could be read.
    shared: tuple[str, ...] = ()


def compile_script(
    source: str,
    code_file: str,
    *,
    modules: Mapping[str, Collection[str]],
    shared: Collection[str] = (),
    library: bool = False,
    more: Collection[str] = (),
) -> Compiled | Rejected:
    """Compile *source*, whose code names *code_file*; a *library* is a script without ``main``.

    *more* are built-in names beside those that every script has.
    """
    importable = Importable(modules, shared)
    problems: list[Problem] = []
    try:
        tree = ast.parse(source, code_file)
        count_characters(tree, source)
        nodes = list(ast.walk(tree))
        endpoints = tuple(_endpoints(nodes))
        main = None if library else _main(tree)
        parameters = tuple(_parameters(main)) if main else ()
        if not library:
            problems += _problems_of_main(tree, main)
        problems += islice(unknown_attributes(nodes, main, modules), _PROBLEMS)
        policy = Policy(importable)
        transformed = policy.visit(tree)
        problems += [*policy.problems, *islice(_unknown_names(policy, more), _PROBLEMS)]
        # What only Python's compiler notices, such as a return outside a function, is said with the rest.
        code = compile(transformed, code_file, "exec", dont_inherit=True)
        if not problems:
            return Compiled(
                code=marshal.dumps(code),
                parameters=parameters,
                endpoints=endpoints,
                shared=tuple(importable.used),
            )
    except (SyntaxError, ValueError) as error:
        found = _syntax_problem(error, source)
        # What was refused already need not be an error, too.
        if all((found.line, found.column) != (each.line, each.column) for each in problems):
            problems.append(found)
    except (RecursionError, MemoryError):
        problems = [Problem(1, 1, "SYNTAX_NOT_SUPPORTED", "the script is nested too deeply")]
    return Rejected(_in_order(problems), tuple(importable.used))


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems))[:_PROBLEMS])


def _syntax_problem(error: SyntaxError | ValueError, source: str) -> Problem:
    # Python says of these letters that they are there, and not where.
    place = next((index for index, letter in enumerate(source) if _is_no_letter(letter)), None)
    if place is not None:
        column = place - source.rfind("\n", 0, place)
        message = f"{source[place]!r} may not stand in a script"
        return Problem(source.count("\n", 0, place) + 1, column, "SYNTAX_ERROR", message)
    if isinstance(error, SyntaxError):
        return Problem(error.lineno or 1, max(error.offset or 1, 1), "SYNTAX_ERROR", shown(error.msg))
    return Problem(1, 1, "SYNTAX_ERROR", str(error))


def _is_no_letter(letter: str) -> bool:
    return letter == "\0" or "\ud800" <= letter <= "\udfff"


def _main(tree: ast.Module) -> ast.FunctionDef | None:
    found = None
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == MAIN:
            found = node
    return found


def _problems_of_main(tree: ast.Module, main: ast.FunctionDef | None) -> list[Problem]:
    if main is None:
        functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        near = did_you_mean(MAIN, functions).replace("Did you mean", "Is it")
        return [Problem(1, 1, "MAIN_MISSING", f"a script has a function main; write def main(): …{near}")]
    arguments = main.args
    return [
        problem_at(each, "MAIN_INVALID", f'main is given its parameters by name; "{each.arg}" cannot be')
        for each in (*arguments.posonlyargs, arguments.vararg, arguments.kwarg)
        if each is not None
    ]


def _parameters(main: ast.FunctionDef) -> Iterable[Parameter]:
    arguments = main.args
    required = len(arguments.args) - len(arguments.defaults)
    for index, each in enumerate(arguments.args):
        yield Parameter(each.arg, each.lineno, each.col_offset + 1, index < required)
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield Parameter(each.arg, each.lineno, each.col_offset + 1, default is None)


def _endpoints(nodes: Iterable[ast.AST]) -> Iterable[EndpointUse]:
    for node in nodes:
        if isinstance(node, ast.keyword) and node.arg == "endpoint":
            value = node.value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield EndpointUse(value.value, value.lineno, value.col_offset + 1)


def _unknown_names(policy: Policy, more: Collection[str]) -> Iterable[Problem]:
    """Return a problem for each name that is read and that nothing binds, in this script or for all."""
    bound = [shown(each) for each in sorted(policy.bound)[:_NEIGHBOURS] if not names.is_dunder(each)]
    for name, nodes in policy.read.items():
        if name in policy.bound or name in NAMES or name in more:
            continue
        own = shown(name)
        if own in INSTEAD:
            code, message = "NAME_NOT_ALLOWED", f'"{own}" is not available; {INSTEAD[own]}'
        else:
            near = did_you_mean(own, bound) or did_you_mean(own, NAMES)
            code, message = "NAME_UNKNOWN", f'nothing is named "{own}".{near}'
        yield from (problem_at(node, code, message) for node in nodes)
