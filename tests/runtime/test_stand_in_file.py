"""Reading a file of canned routes, and what a mistake in it gets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deputize.errors import Misconfigured, StandInInvalid
from deputize.stand_ins import StandIn
from deputize.stand_ins.paths import fill, fill_json, match


@pytest.fixture
def load(tmp_path):
    def load(text):
        path = tmp_path / "chat.toml"
        path.write_text(text, encoding="utf-8")
        return StandIn.load(path)

    return load


def test_a_file_is_read_with_its_defaults(load):
    stand_in = load('description = "chat"\n[[routes]]\nmethod = "put"\npath = "/a/{id}"\njson = { n = 1 }\n')

    [route] = stand_in.routes
    assert (route.title, route.status, route.json_, route.headers) == ("PUT /a/{id}", 200, {"n": 1}, {})


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StandInInvalid) as refused:
        StandIn.load(tmp_path / "chat.toml")

    assert isinstance(refused.value, Misconfigured)
    assert str(refused.value) == (
        f"{tmp_path}/chat.toml: no such file. Write its canned routes there, "
        "or correct `stand_in` in deputize.toml."
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[routes]]\nmethod = "GET"\npath = "/a"\n[[routes]]\nmethod = "GET"\npth = "/b"\n',
            "route 2: path: is missing. Add it.\n"
            '{file}: route 2: pth: unknown key. Did you mean "path"? '
            "Known here: description, headers, json, method, path, status, text.",
        ),
        ("[[route]]\n", 'route: unknown key. Did you mean "routes"? Known here: description, routes.'),
        (
            '[[routes]]\nmethod = "GTE"\npath = "/a"\n',
            'route 1: method: is no method. Did you mean "GET"? '
            "Methods: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS (value: 'GTE').",
        ),
        ('[[routes]]\nmethod = "GET"\npath = "a"\n', "route 1: path: must begin with \"/\" (value: 'a')."),
        (
            '[[routes]]\nmethod = "GET"\npath = "/{a}/{a}"\n',
            "route 1: path: has the placeholder {a} twice; give one another name (value: '/{a}/{a}').",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/{a}-{b}"\n',
            "route 1: path: has two placeholders in one segment; a segment may have one (value: '/{a}-{b}').",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/{a b}"\n',
            "route 1: path: must have no query, fragment, space or control character (value: '/{a b}').",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/{1}"\n',
            "route 1: path: has a brace that belongs to no placeholder; write one as {name} (value: '/{1}').",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/a"\nstatus = 99\n',
            "route 1: status: Input should be greater than or equal to 200 (value: 99).",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/a"\ntext = "x"\njson = {}\n',
            "route 1: has both `json` and `text`; keep one.",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/a"\nstatus = 204\ntext = "x"\n',
            "route 1: an answer of status 204 has no body; remove `json` or `text`.",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/a"\nheaders = { "Content-Length" = "3" }\n',
            'route 1: headers: "Content-Length" is set by the server; remove it '
            "(value: {'Content-Length': '3'}).",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/a"\nheaders = { A = "x\\r\\nB: y" }\n',
            "route 1: headers: the value of \"A\" must be printable ASCII (value: {'A': 'x\\r\\nB: y'}).",
        ),
        (
            '[[routes]]\nmethod = "GET"\npath = "/a"\njson = { x = [nan] }\n',
            "route 1: json: holds nan or inf, which JSON has not (value: {'x': [nan]}).",
        ),
    ],
)
def test_a_mistake_is_named_with_file_route_key_and_value(load, tmp_path, text, message):
    with pytest.raises(StandInInvalid) as refused:
        load(text)

    file = f"{tmp_path}/chat.toml"
    assert str(refused.value) == f"{file}: {message.replace('{file}', file)}"
    assert refused.value.code == "STAND_IN_INVALID"


@pytest.mark.parametrize("text", ["[[routes\n", "\x00"])
def test_what_is_no_toml_is_told(load, text):
    with pytest.raises(StandInInvalid, match=r"chat\.toml: cannot be read as TOML: "):
        load(text)


@pytest.mark.parametrize(
    ("pattern", "path", "values"),
    [
        ("/a/{id}", "/a/7", {"id": "7"}),
        ("/a/{id}", "/a/x%20y%2Fz", {"id": "x y/z"}),
        ("/a/{id}", "/a/", None),
        ("/a/{id}", "/a/7/b", None),
        ("/a/{id}", "/b/7", None),
        ("/a/v{n}.json", "/a/v2.json", {"n": "2"}),
        ("/a/v{n}.json", "/a/v.json", None),
        ("/a/ab{n}ba", "/a/aba", None),
        ("/caf%C3%A9", "/caf%c3%a9", {}),
        ("/", "/", {}),
        ("/a", "/a/", None),
    ],
)
def test_a_placeholder_stands_for_a_part_of_one_segment(pattern, path, values):
    assert match(pattern, path) == values


@settings(deadline=None)
@given(st.text(min_size=1))
def test_whatever_stood_in_the_path_is_put_in_its_place_once(value):
    filled = fill_json({"a": ["{id}", 1, None], "{id}": "{other} {id}"}, {"id": value})

    assert filled == {"a": [value, 1, None], "{id}": "{other} " + value}
    assert fill("{id}", {"id": value}, encoded=True).isascii()
