"""An exception of a script is told with the script's own lines, the failing expression marked."""

import pytest


def faulted(ended):
    assert ended.frame["kind"] == "faulted", ended
    return ended.frame


def test_the_lines_are_the_scripts_own_outermost_first(language):
    source = (
        "import json\n"
        "\n"
        "def inner(data):\n"
        "    return [json.loads(each) for each in data]\n"
        "\n"
        "def main():\n"
        "    return inner(['1', '{'])\n"
    )
    frame = faulted(language.run(source))

    first = frame["traceback"][0]
    assert (first["line"], first["function"]) == (7, "main")
    assert frame["traceback"][-1]["line"] == 4
    assert {line.get("file") for line in frame["traceback"]} == {None}
    assert frame["type"] == "JSONDecodeError"


@pytest.mark.parametrize(
    "expression",
    [
        "data['titel']",
        "data['title'] / 0",
        "len(5)",
        "(lambda: data['q'])()",
        "{}[data['title']]",
        "data['ä']",
    ],
)
def test_the_failing_expression_is_marked(language, expression):
    line = f"    return 'ö', {expression}, 1"
    source = f"def main():\n    data = {{'title': 1}}\n{line}\n"
    last = faulted(language.run(source))["traceback"][0]

    assert line[last["column"] - 1 : last["end_column"] - 1] == expression


def test_an_expression_over_several_lines_has_no_mark(language):
    source = "def main():\n    return int(\n        'x'\n    )\n"

    assert faulted(language.run(source))["traceback"] == [
        {"line": 2, "column": None, "end_column": None, "function": "main"}
    ]


def test_values_are_not_printed(language):
    frame = faulted(
        language.run("def main(payload):\n    secret = 'hunter2'\n    return payload['a'] + secret\n")
    )

    assert "hunter2" not in repr(frame)


def test_a_recursion_that_went_too_far_is_shortened(language):
    frame = faulted(language.run("def main():\n    return main()\n"))

    assert len(frame["traceback"]) == 50


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("return http.get('/x').statuscode", "AttributeError", "'Response' object has no attribute 'statuscode'. Did you mean \"status_code\"?"),
        ("return callback.respnse", "AttributeError", "'Callback' object has no attribute 'respnse'. Did you mean \"response\"?"),
        ("return callback.status", "AttributeError", 'a RESPONSE callback has no field "status"; it has recipient, response, device, annotation, date, event_id, event_properties, raw'),
        ("return constants['Color']", "KeyError", 'the plan has no constant "Color"; did you mean "Colour"?'),
        ("return http.get('/x').headers['Content-Tpe']", "KeyError", 'there is no header "Content-Tpe"; did you mean "Content-Type"?'),
        ("return Thing()._itms", "AttributeError", "'Thing' object has no attribute '_itms'. Did you mean \"_items\"?"),
        ("return callback.event_properties['Incident']", "KeyError", "'Incident'"),
        ("return 'a'.uper()", "AttributeError", "'str' object has no attribute 'uper'. Did you mean \"upper\"?"),
        ("return [re][0].serch", "AttributeError", "<module re> has no attribute 'serch'. Did you mean \"search\"?"),
        ("raise Failed('own words')", "Failed", "own words"),
        ("raise Failed", "Failed", ""),
        ("raise _Hidden('x')", "_Hidden", "x"),
        ("getattr(1)", "TypeError", "getattr() missing 1 required positional argument: 'name'"),
        ("print(1, to=2)", "TypeError", "print() got an unexpected keyword argument 'to'"),
        ("time.gmtime(1, 2)", "TypeError", "gmtime() takes from 0 to 1 positional arguments but 2 were given"),
        ("return object().x", "AttributeError", "'object' object has no attribute 'x'"),
    ],
)  # fmt: skip
def test_the_message_says_what_was_probably_meant(language, body, kind, message):
    source = (
        "import re, time\n\nclass Failed(Exception):\n    pass\n\nclass _Hidden(Failed):\n    pass\n\nclass Thing:\n    _items = 1\n\n"
        f"def main(http, callback, constants):\n    http, callback = (http, callback)\n    {body}\n"
    )
    frame = faulted(language.run(source))

    assert (frame["type"], frame["message"]) == (kind, message)


def test_a_library_is_named_where_the_line_is_in_it(language):
    frame = faulted(
        language.run(
            "from shared import lib\n\ndef main():\n    return lib.fail()\n",
            shared={"lib": "def fail():\n    return {}['x']\n"},
        )
    )

    assert [(line.get("file"), line["line"], line["function"]) for line in frame["traceback"]] == [
        (None, 4, "main"),
        ("shared/lib.py", 2, "fail"),
    ]


def test_a_module_that_fails_is_told_like_main(language):
    assert faulted(language.run("x = 1 / 0\n\ndef main():\n    pass\n"))["traceback"] == [
        {"line": 1, "column": 5, "end_column": 10, "function": "<module>"}
    ]
