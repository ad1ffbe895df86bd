"""Finds the calls of a script that read people, by what is known of their paths before it runs."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

#: Methods of the client that read, and where their path stands.
READING: Final[Mapping[str, int]] = {"get": 0, "pages": 0, "request": 1, "build_request": 1}
_PLATFORM: Final = "platform"

_PEOPLE: Final = re.compile(
    r"/?(?:api/xm/1|reapi/2015-04-01)/(?P<kind>people|devices)(?:/(?P<key>[^/?]*))?(?P<rest>[/?].*)?"
)
_PLACES: Final = ("/api/xm/1/people/", "/api/xm/1/devices/", "/reapi/2015-04-01/people/")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRead:
    """A call that reads a person, their devices, or a list of people."""

    line: int
    #: The name or id of the one person; None for a list, and for whom only the run knows.
    key: str | None
    #: Whether it reads a list, of which those who may not be seen are left out.
    listed: bool


_Found: TypeAlias = PeopleRead | Literal["cannot tell"] | None


class PathReview:
    """Reads the paths of calls; *tree* is that of the script."""

    def __init__(self, tree: ast.Module) -> None:
        self._constants = _constants(tree)

    def read_by(self, call: ast.Call, method: str) -> _Found:
        """Return whom *call* reads by *method* of the client; None where it reads no person."""
        place = READING[method]
        if place and not _is_get(call):
            return None
        endpoint = next((each.value for each in call.keywords if each.arg == "endpoint"), None)
        if isinstance(endpoint, ast.Constant) and endpoint.value != _PLATFORM:
            return None
        given = next((each.value for each in call.keywords if each.arg == "path"), None)
        if given is None and len(call.args) > place:
            given = call.args[place]
        if given is None:
            return None
        known, made = self._text(given)
        if endpoint is not None and not isinstance(endpoint, ast.Constant):
            return "cannot tell" if _PEOPLE.match(known) or made is not None else None
        return self._person(call, known, made)

    def _person(self, call: ast.Call, known: str, made: ast.expr | None) -> _Found:
        """Return who is at the path that begins with *known*, and goes on with *made* where it is not all."""
        found = _PEOPLE.fullmatch(known)
        if found is None:
            return "cannot tell" if made is not None and _may_become_people(known) else None
        key, rest = found["key"], found["rest"]
        if key is None and rest is None and made is not None:
            # ``/api/xm/1/people`` and then who knows what.
            return "cannot tell"
        if not key and (made is None or (rest is not None and rest.startswith("?"))):
            return PeopleRead(line=call.lineno, key=None, listed=found["kind"] == "people")
        if not key or (rest is None and made is not None):
            oneself = not key and _is_initiator(made)
            return None if oneself else PeopleRead(line=call.lineno, key=None, listed=False)
        return PeopleRead(line=call.lineno, key=key.partition("%7C")[0].partition("|")[0], listed=False)

    def _text(self, node: ast.expr) -> tuple[str, ast.expr | None]:
        """Return the beginning of a text that is known, and what it goes on with that is not."""
        match node:
            case ast.Constant(value=str() as text):
                return text, None
            case ast.Name(id=name) if name in self._constants:
                return self._constants[name], None
            case ast.JoinedStr(values=parts):
                return self._joined(parts)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([left, right])
            case ast.FormattedValue(value=value, format_spec=None, conversion=-1):
                return self._text(value)
            case _:
                return _until_filled_in(node), node

    def _joined(self, parts: list[ast.expr]) -> tuple[str, ast.expr | None]:
        known = ""
        for part in parts:
            text, made = self._text(part)
            known += text
            if made is not None:
                return known, made
        return known, None


def _until_filled_in(node: ast.expr) -> str:
    """Return what a text begins with that is filled in by ``%`` or ``format``; nothing for another."""
    match node:
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod()):
            return text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
            return text.partition("{")[0]
        case _:
            return ""


def _may_become_people(known: str) -> bool:
    """Whether a path that begins with *known* may lead to a person."""
    return any(place.startswith(f"/{known.lstrip('/')}") for place in _PLACES)


def _is_get(call: ast.Call) -> bool:
    given = next((each.value for each in call.keywords if each.arg == "method"), None)
    given = call.args[0] if given is None and call.args else given
    return (
        isinstance(given, ast.Constant)
        and isinstance(given.value, str)
        and given.value.upper() in ("GET", "HEAD")
    )


def _is_initiator(node: ast.expr | None) -> bool:
    """Whether it is the initiator themselves, whom they may always see."""
    match node:
        case ast.Attribute(value=ast.Name(id="initiator"), attr="id"):
            return True
        case _:
            return False


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return the texts that names of the module stand for, where they are assigned once and for all."""
    given = [
        each.arg if isinstance(each, ast.arg) else each.id
        for each in ast.walk(tree)
        if isinstance(each, ast.arg) or (isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
    ]
    found: dict[str, str] = {}
    for statement in tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str() as text))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str() as text))
            ) if given.count(name) == 1:
                found[name] = text
    return found
