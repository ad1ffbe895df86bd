"""What is wrong with a script is said all at once: place, code, and what to do."""

import pytest


def problems(ended) -> list[tuple[int, int, str, str]]:
    assert ended.frame["kind"] == "rejected", ended
    return [
        (each["line"], each["column"], each["code"], each["message"]) for each in ended.frame["diagnostics"]
    ]


def only(language, body: str) -> tuple[int, int, str, str]:
    """Return the one problem of a script whose ``main`` is *body*, its place counted from the body's."""
    [(line, column, code, message)] = problems(language.compile(f"def main():\n    {body}\n"))
    return line - 1, column - 4, code, message


def test_all_problems_of_a_file_are_said_at_once_in_order(language):
    source = (
        "import os\n"
        "from json import lods\n"
        "\n"
        "async def main(http, *rest):\n"
        "    pass\n"
        "\n"
        "def man(log):\n"
        "    log.warn('x')\n"
        "    return open('x').read().__class__.__mro__ + jsn\n"
    )

    assert problems(language.compile(source)) == [
        (1, 1, "IMPORT_NOT_ALLOWED", 'the module "os" is not available; use constants and payload; a script has no environment and no files.'),
        (1, 1, "MAIN_MISSING", 'a script has a function main; write def main(): … Is it "man"?'),
        (2, 18, "IMPORT_NOT_ALLOWED", 'json has no "lods" for scripts. Did you mean "loads"?'),
        (4, 1, "SYNTAX_NOT_SUPPORTED", "a script is synchronous; leave out async and await, and use http.send_all for calls at once"),
        (9, 12, "ATTRIBUTE_NOT_ALLOWED", '"__mro__" belongs to the interpreter'),
        (9, 12, "NAME_NOT_ALLOWED", '"open" is not available; a script has no files; use io.StringIO or io.BytesIO'),
        (9, 49, "NAME_UNKNOWN", 'nothing is named "jsn".'),
    ]  # fmt: skip


def test_a_script_is_not_executed_to_be_judged(language):
    source = "print('executed')\nx = 1 / 0\n\ndef main(a=print('default')):\n    pass\n"
    ended = language.compile(source)

    assert ended.frame["kind"] == "compiled"
    assert ended.said == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("return x.__dict__ if (x := 1) else 0", (1, 8, "ATTRIBUTE_NOT_ALLOWED", '"__dict__" is not available; use vars(object), or dataclasses.asdict')),
        ("return (1).mro", (1, 8, "ATTRIBUTE_NOT_ALLOWED", '"mro" leads into the interpreter')),
        ("super = 1", (1, 1, "NAME_NOT_ALLOWED", '"super" cannot be given another meaning; choose another name')),
        ("return super(int, 1)", (1, 8, "NAME_NOT_ALLOWED", "super is called without arguments: super().method(…)")),
        ("return __file__", (1, 8, "NAME_NOT_ALLOWED", '"__file__" is not available: a script has no file')),
        ("return eval('1')", (1, 8, "NAME_NOT_ALLOWED", '"eval" is not available; use json.loads for data')),
        ("return lenn('1')", (1, 8, "NAME_UNKNOWN", 'nothing is named "lenn". Did you mean "len"?')),
        ("return _helpr + _helper if (_helper := 1) else 0", (1, 8, "NAME_UNKNOWN", 'nothing is named "_helpr". Did you mean "_helper"?')),
        ("import requests", (1, 1, "IMPORT_NOT_ALLOWED", 'the module "requests" is not available; name http among main\'s parameters.')),
        ("import dattetime", (1, 1, "IMPORT_NOT_ALLOWED", 'the module "dattetime" is not available. Did you mean "datetime"?')),
        ("from . import x", (1, 1, "IMPORT_NOT_ALLOWED", "a script is no part of a package; shared code is imported from shared")),
        ("import shared", (1, 1, "IMPORT_NOT_ALLOWED", "shared libraries are imported by name: from shared import NAME")),
        ("from shared import lib", (1, 20, "SHARED_UNKNOWN", 'the plan has no shared library "lib".')),
        ("class A(metaclass=int): pass", (1, 9, "SYNTAX_NOT_SUPPORTED", "keywords of a class, such as metaclass=, are not available")),
        ("class A:\n        def __new__(cls): pass", (2, 5, "NAME_NOT_ALLOWED", '"__new__" is not available; use __init__, or a function that returns the object')),
        ("def __len__(): pass", (1, 1, "NAME_NOT_ALLOWED", '"__len__" is defined in the body of a class')),
        ("class A:\n        mro = 1", (2, 5, "ATTRIBUTE_NOT_ALLOWED", '"mro" leads into the interpreter; choose another name')),
        ("match 1:\n        case object(obj=o): pass", (2, 10, "ATTRIBUTE_NOT_ALLOWED", '"obj" cannot stand in a pattern; read it in the case')),
        ("import math; math.sqroot(2)", (1, 14, "ATTRIBUTE_UNKNOWN", 'math has no "sqroot" for scripts. Did you mean "sqrt"?')),
        ("import urllib.parse; urllib.parse.qoute('x')", (1, 22, "ATTRIBUTE_UNKNOWN", 'urllib.parse has no "qoute" for scripts. Did you mean "quote"?')),
        ("import abc; abc.xyz", (1, 13, "ATTRIBUTE_UNKNOWN", 'abc has no "xyz" for scripts. It has: ABC, abstractmethod.')),
        ("try: pass\n    except* ValueError: pass", (1, 1, "SYNTAX_NOT_SUPPORTED", "except* is not available; catch the exceptions one by one with except")),
        ("x.obj += 1 if (x := 1) else 0", (1, 1, "ATTRIBUTE_NOT_ALLOWED", '"obj" cannot be assigned to in place; choose another name')),
        ("main.__doc__ = ''", (1, 1, "ATTRIBUTE_NOT_ALLOWED", '"__doc__" can be read, not set')),
        ("yield 1; return _x; nonlocal y", (1, 21, "SYNTAX_ERROR", "no binding for nonlocal 'y' found")),
    ],
)  # fmt: skip
def test_a_problem_says_where_it_is_and_what_to_do(language, body, problem):
    found = problems(language.compile(f"_x = 1\ndef main():\n    {body}\n"))

    assert [(line - 2, column - 4, code, message) for line, column, code, message in found] == [problem]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1\n", (1, 1, "MAIN_MISSING", "a script has a function main; write def main(): …")),
        ("def mian(): pass\n", (1, 1, "MAIN_MISSING", 'a script has a function main; write def main(): … Is it "mian"?')),
        ("main = lambda: 1\n", (1, 1, "MAIN_MISSING", "a script has a function main; write def main(): …")),
        ("def main(*args): pass\n", (1, 11, "MAIN_INVALID", 'main is given its parameters by name; "args" cannot be')),
        ("def main(**more): pass\n", (1, 12, "MAIN_INVALID", 'main is given its parameters by name; "more" cannot be')),
        ("def main(log, /): pass\n", (1, 10, "MAIN_INVALID", 'main is given its parameters by name; "log" cannot be')),
        ("def main(:\n", (1, 10, "SYNTAX_ERROR", "invalid syntax")),
        ("def main():\n    'ä' + (\n", (2, 11, "SYNTAX_ERROR", "'(' was never closed")),
        ("def main():\n    return 'ä' + 'ä' + mian\n", (2, 24, "NAME_UNKNOWN", 'nothing is named "mian". Did you mean "main"?')),
        ("def main(): return '\0'\n", (1, 21, "SYNTAX_ERROR", r"'\x00' may not stand in a script")),
        ("\n def main(): return 1\n", (2, 1, "SYNTAX_ERROR", "unexpected indent")),
        ("return 1\ndef main(): return 1\n", (1, 1, "SYNTAX_ERROR", "'return' outside function")),
        ("def main(http):\n    http.gett('/x')\n", (2, 5, "ATTRIBUTE_UNKNOWN", 'http has no "gett". Did you mean "get"?')),
        ("def main(log):\n    log.fatal('x')\n", (2, 5, "ATTRIBUTE_UNKNOWN", 'log has no "fatal". It has: debug, error, info, warning.')),
    ],
)  # fmt: skip
def test_a_file_that_is_no_script_is_told_so(language, source, problem):
    assert problems(language.compile(source)) == [problem]


@pytest.mark.parametrize(
    "source",
    [
        "def main(http):\n    http = 1\n    return http.gett\n",
        "def main(log):\n    return [log.fatal for log in []]\n",
        "import math\nmath = 1\n\ndef main():\n    return math.sqroot\n",
        "import json\n\ndef main(json):\n    return json.whatever\n",
        "def helper(http):\n    return http.whatever\n\ndef main():\n    pass\n",
    ],
)
def test_an_attribute_is_unknown_only_where_the_object_is_certain(language, source):
    assert language.compile(source).frame["kind"] == "compiled"


def test_parameters_and_endpoints_are_told_with_their_places(language):
    source = (
        "def main(log, http, *, ü=1, q):\n"
        "    http.get('/ä', endpoint='One')\n"
        "    http.build_request('GET', endpoint=name)\n"
        "name = http = dict(endpoint='Two')\n"
    )
    frame = language.compile(source).frame

    assert frame["parameters"] == [
        {"name": "log", "line": 1, "column": 10, "required": True},
        {"name": "http", "line": 1, "column": 15, "required": True},
        {"name": "ü", "line": 1, "column": 24, "required": False},
        {"name": "q", "line": 1, "column": 29, "required": True},
    ]
    assert frame["endpoints"] == [
        {"name": "Two", "line": 4, "column": 29},
        {"name": "One", "line": 2, "column": 29},
    ]


def test_a_flood_of_problems_is_cut(language):
    found = problems(language.compile("def main():\n" + "    open()\n" * 5000))

    assert len(found) == 200


def test_a_flood_of_unknown_names_takes_no_time_to_speak_of(language):
    names = "".join(f"    bound_{n} = unbound_{n}\n" for n in range(10_000))
    ended = language.job(
        {"do": "compile", "source": f"def main():\n{names}", "filename": "script.py"}, cpu_seconds=2
    )

    assert len(problems(ended)) == 200


def test_a_script_that_is_nested_too_deeply_is_refused_whole(language):
    [problem] = problems(language.compile("def main():\n    return " + "-" * 100_000 + "1\n"))

    assert problem == (1, 1, "SYNTAX_NOT_SUPPORTED", "the script is nested too deeply")
