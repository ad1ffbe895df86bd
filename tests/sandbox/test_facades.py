"""Nothing that a script can read leads outside, whichever Python it is."""

import datetime as dt
import importlib
import os
import sys
import types
from types import SimpleNamespace

import pytest
from unconfined import STOCK, Unconfined

from deputize_guest import api
from deputize_guest.dialect import modules
from deputize_guest.dialect.reach import reachable, ways_out
from deputize_guest.dialect.script_builtins import script_builtins
from deputize_guest.provided import provided

FACADES = modules.build()
#: Names on the lists that came after Python 3.11.
NEWER = {
    "batched", "fma", "sumprod",  # itertools and math
    "kde", "kde_random", "QUOTE_NOTNULL", "QUOTE_STRINGS", "PatternError",
}  # fmt: skip


class Nobody:
    """A channel that carries nothing."""

    def ask(self, capability, method, arguments):
        raise AssertionError(f"{capability}.{method} was called")

    tell = ask


def given():
    """Return every object that a run may be given, by its kind."""
    values = {
        **STOCK,
        "capability": {"name": "tickets", "methods": ["lookup"]},
        "form": {"name": "f", "path": "p"},
        "secrets": ["token"],
    }
    return {kind: provided(kind, value, Nobody()) for kind, value in values.items()}


@pytest.mark.parametrize("name", sorted(FACADES))
def test_no_module_leads_outside(name):
    assert ways_out(FACADES[name], name) == []


@pytest.mark.parametrize("kind", sorted(given()))
def test_nothing_that_a_run_is_given_leads_outside(kind):
    assert ways_out(given()[kind], kind) == []


def test_no_builtin_leads_outside():
    builtins = script_builtins(print_=print, import_=None)
    hooks = {"__build_class__", "__import__", "super"}

    assert [way for name in builtins.keys() - hooks for way in ways_out(builtins[name], name)] == []


def test_what_calls_bring_leads_outside_no_more_than_what_is_given():
    response = api.Response(
        {
            "status_code": 200,
            "status_message": "OK",
            "headers": [["A", "b"]],
            "text": "{}",
            "refused": False,
            "reason": None,
            "url": "u",
        }
    )
    http = given()["http"]

    for value in (response, http.build_request("GET", "/x"), http.pages("/x"), api.HttpError("m", "dns")):
        assert ways_out(value, "value") == []


@pytest.mark.parametrize(
    ("value", "way"),
    [
        (SimpleNamespace(a=os), "x.a"),
        (SimpleNamespace(a=[{"k": os}]), "x.a[0]['k']"),
        (SimpleNamespace(a=property(os.getenv)), "x.a.fget"),
        (SimpleNamespace(a=vars(os)), "x.a"),
        (SimpleNamespace(a=type), "x.a"),
        (SimpleNamespace(a=sys._getframe()), "x.a"),
        (SimpleNamespace(a=test_no_builtin_leads_outside.__code__), "x.a"),
        (SimpleNamespace(a=open), "x.a"),
        (SimpleNamespace(a=types.FunctionType), "x.a"),
        (SimpleNamespace(a=str.format), "x.a"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_the_search_finds_what_is_planted(value, way):
    assert ways_out(value, "x") == [way]


def test_the_search_goes_far():
    assert sum(1 for name, facade in FACADES.items() for _ in reachable(facade, name)) > 2000


def test_every_published_name_is_there_or_is_newer_than_this_python():
    missing = {
        name
        for module, names in modules.PLAIN.items()
        for name in names.split()
        if not hasattr(importlib.import_module(module), name)
    }

    assert missing <= NEWER


def test_no_module_knows_another_present_than_the_runs():
    moments = [
        path
        for name, facade in FACADES.items()
        for path, value in reachable(facade, name)
        if type(value) in (dt.date, dt.datetime) or value in (dt.date, dt.datetime)
    ]

    assert moments == []


def test_a_facade_cannot_be_taken_for_a_module():
    facade = FACADES["json"]

    assert not isinstance(facade, types.ModuleType)
    assert not hasattr(facade, "__name__")
    assert repr(facade) == "<module json>"


def test_an_application_adds_a_pure_module_by_its_names():
    source = "import colorsys\nfrom colorsys import rgb_to_hsv\n\ndef main():\n    return [colorsys.hsv_to_rgb(0, 0, 1), rgb_to_hsv(1, 1, 1)]\n"
    with Unconfined({"colorsys": ["hsv_to_rgb", "rgb_to_hsv"]}) as guests:
        ended = guests.run(source)
        unlisted = guests.run("import colorsys\n\ndef main():\n    return colorsys.rgb_to_yiq(1, 1, 1)\n")

    assert ended.end == "returned [[1, 1, 1], [0.0, 0.0, 1]]"
    assert unlisted.frame["diagnostics"][0]["message"] == (
        'colorsys has no "rgb_to_yiq" for scripts. Did you mean "rgb_to_hsv"?'
    )


def test_a_module_that_leads_outside_cannot_be_added():
    with pytest.raises(modules.UnsafeModule) as refused:
        modules.build({"plistlib": ["loads"], "gettext": ["os", "translation"]})

    assert str(refused.value) == (
        'the module "gettext" cannot be given to scripts: what they must not hold can be read as gettext.os. '
        "Name other functions, or wrap them."
    )


def test_a_module_with_a_name_that_it_lacks_cannot_be_added():
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        modules.build({"colorsys": ["nothing"]})
