"""Random programs: whatever compiles may not reach anything outside, nor hold anything that does."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deputize_guest.dialect import modules, names
from deputize_guest.dialect.compile_script import Compiled, compile_script
from deputize_guest.dialect.script_builtins import OWN, PLAIN

PUBLISHED = modules.published(modules.build())
#: Endless by themselves: what they would find is found without them.
ENDLESS = {
    "count",
    "cycle",
    "repeat",
    "range",
    "pow",
    "factorial",
    "perm",
    "comb",
    "scrypt",
    "pbkdf2_hmac",
    "sleep",
}
ENDLESS |= {
    "prod",
    "lshift",
    "ilshift",
    "ipow",
    "mul",
    "imul",
    "permutations",
    "product",
    "Sniffer",
    "randbytes",
}

PRELUDE = """
import abc, collections, contextlib, copy, dataclasses, email, enum, functools, io, json, operator, re, string, types_
import typing, urllib.parse, datetime, decimal, random, uuid, xml.etree.ElementTree as ET, itertools, zoneinfo, csv

kept = []

@dataclasses.dataclass
class Data:
    a: object = 1
    format: object = 2
    obj: object = 3

class Own(str):
    _hidden = 1
    def __call__(self, *given, **named):
        return given
    def __getitem__(self, key):
        return key
    def __enter__(self):
        return self
    def __exit__(self, kind, error, traceback):
        # The interpreter hands over the traceback; hostile/frame__traceback_* show that it cannot be read.
        kept.append((kind, error))
        return True
    def parent(self):
        return super()

class Colour(enum.Enum):
    RED = print
    GREEN = "{0.__class__}"

Point = collections.namedtuple("Point", "x y")

@contextlib.contextmanager
def managed():
    yield managed

def generator():
    kept.append((yield generator))

def raised(action=lambda: [].nothing):
    try:
        action()
    except Exception as error:
        return error

def main(http, log, clock, callback, constants, secrets, form, tickets):
""".replace(", types_", "")

MODULES = [
    "abc",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "email",
    "enum",
    "functools",
    "io",
    "json",
]
MODULES += [
    "operator",
    "re",
    "string",
    "typing",
    "datetime",
    "decimal",
    "random",
    "uuid",
    "ET",
    "itertools",
    "csv",
]
MODULES += ["zoneinfo", "urllib.parse"]
MEMBERS = [
    f"{module}.{name}"
    for module in MODULES
    for name in sorted(PUBLISHED["xml.etree.ElementTree" if module == "ET" else module])
    if name not in ENDLESS
]
ATOMS = [
    *(
        "http",
        "log",
        "clock",
        "callback",
        "constants",
        "secrets",
        "form",
        "tickets",
        "kept[-1]",
        "kept",
        "Data()",
    ),
    *(
        "Own('{0.__class__}')",
        "Own",
        "Data",
        "Colour.RED",
        "Colour",
        "Point(1, 2)",
        "Point",
        "managed()",
        "main",
    ),
    *(
        "generator()",
        "raised()",
        "raised(lambda: 1 / 0)",
        "(n for n in (1, 2))",
        "lambda *a, **k: a",
        "...",
        "None",
    ),
    *(
        "'a'",
        "'{0.__class__}'",
        "'__class__'",
        "'gi_frame'",
        "b'x'",
        "3",
        "1.5",
        "[1, 'a']",
        "{'a': 1}",
        "(1, main)",
    ),
    *(
        "secrets['token']",
        "http.get",
        "http.get('/x')",
        "http.build_request('GET', '/x')",
        "{1, 'b'}",
        "True",
        "object()",
    ),
    *sorted((PLAIN | set(OWN)) - ENDLESS),
    *MODULES,
    *MEMBERS,
]
DANGEROUS = sorted(
    names.REFUSED
    | names.GUARDED
    | names.METHODS
    | {
        "__globals__",
        "__dict__",
        "__builtins__",
        "__mro__",
        "__subclasses__",
        "__code__",
        "__self__",
        "__func__",
    }
)
ORDINARY = """
    a args build_request cause clear close copy data default encode fget format func get gen getvalue group headers
    items join json keys keywords mapping maps message name obj pattern partial post pop re read register response
    send string text throw update value values view vformat walk with_segments write _channel _hidden _fields _asdict
""".split()

atom = st.sampled_from(ATOMS)
attribute = st.one_of(st.sampled_from(ORDINARY), st.sampled_from(DANGEROUS))


def extended(inner):
    """Return what can be made of expressions."""
    arguments = st.lists(inner, max_size=2).map(", ".join)
    return st.one_of(
        st.tuples(inner, attribute).map(lambda each: f"({each[0]}).{each[1]}"),
        st.tuples(inner, arguments).map(lambda each: f"({each[0]})({each[1]})"),
        st.tuples(inner, inner).map(lambda each: f"({each[0]})[{each[1]}]"),
        st.tuples(inner, attribute).map(lambda each: f"getattr({each[0]}, {each[1]!r})"),
        st.tuples(inner, attribute).map(lambda each: f"operator.attrgetter({each[1]!r})({each[0]})"),
        st.tuples(inner, attribute, arguments).map(
            lambda each: f"operator.methodcaller({each[1]!r}, {each[2]})({each[0]})"
        ),
        inner.map(lambda each: f"type({each})"),
        inner.map(lambda each: f"Own({each}).parent()"),
        inner.map(lambda each: f"f'{{({each})!r:>{{kept[-1]}}}}'"),
        inner.map(lambda each: f"[*({each})]"),
        inner.map(lambda each: f"{{**({each})}}"),
        st.tuples(inner, inner).map(lambda each: f"[{each[0]} for each in {each[1]}]"),
        st.tuples(inner, inner).map(lambda each: f"raised(lambda: ({each[0]})({each[1]}))"),
        st.tuples(inner, inner).map(lambda each: f"next(filter(None, map({each[0]}, [{each[1]}])))"),
        st.tuples(inner, inner).map(lambda each: f"({each[0]}) + ({each[1]})"),
        st.tuples(inner, inner).map(lambda each: f"({each[0]}) % ({each[1]})"),
    )


expression = st.recursive(atom, extended, max_leaves=5)

statement = st.one_of(
    expression.map(lambda each: f"kept.append({each})"),
    st.tuples(expression, expression).map(lambda each: f"with {each[0]} as kept[-1]: kept.append({each[1]})"),
    st.tuples(expression, attribute).map(lambda each: f"match {each[0]}:\n        case object({each[1]}=found): kept.append(found)"),
    expression.map(lambda each: f"match {each}:\n        case Data(a, b, c): kept.extend([a, b, c])\n        case [*found] | {{**found}}: kept.append(found)"),
    st.tuples(expression, attribute).map(lambda each: f"class Made({each[0]}):\n        {each[1]} = kept\n    kept.append(Made)"),
    st.tuples(expression, attribute, expression).map(lambda each: f"({each[0]}).{each[1]} = {each[2]}"),
    st.tuples(expression, attribute, expression).map(lambda each: f"setattr({each[0]}, {each[1]!r}, {each[2]})"),
    st.tuples(expression, expression).map(lambda each: f"for kept[-1] in {each[0]}: kept.append({each[1]}); break"),
    expression.map(lambda each: f"@({each})\n    def made(*given): return given\n    kept.append(made)"),
    expression.map(lambda each: f"def made(given: {each} = {each}): yield given\n    kept.extend([made, made().send])"),
    expression.map(lambda each: f"try: raise {each}\n    except Exception as error: kept.append(error)"),
    st.tuples(attribute, expression).map(lambda each: f"{each[0]} = {each[1]}; kept.append({each[0]})"),
    expression.map(lambda each: f"del {each}"),
)  # fmt: skip


def accepted(text: str) -> bool:
    """Return whether the dialect has *text* as a statement of ``main``."""
    return isinstance(compile_script(program([text]), "<script>", modules=PUBLISHED), Compiled)


def program(statements: list[str]) -> str:
    """Return a script that executes *statements*, come what may."""
    bodies = "".join(
        f"    try:\n        {each.replace(chr(10), chr(10) + '    ')}\n    except Exception: pass\n"
        for each in statements
    )
    return f"{PRELUDE}    kept.append(1)\n{bodies}    return kept[:200]\n"


PROVIDE = {
    "form": {"kind": "form", "value": {"name": "f", "path": "p"}},
    "secrets": {"kind": "secrets", "value": ["token"]},
    "tickets": {"kind": "capability", "value": {"name": "tickets", "methods": ["lookup"]}},
}


@given(st.lists(statement, min_size=20, max_size=40))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_compiles_reaches_nothing_outside(language, statements):
    script = program([each for each in statements if accepted(each)])
    ended = language.run(script, provide=PROVIDE, examine=True, cpu_seconds=2)

    assert ended.reached == []
    assert ended.frame["kind"] in ("returned", "faulted", "out_of_memory", "gone")


@given(st.text(alphabet=st.sampled_from("abcdefgh_:.()[]{}'\"\\=+-*,@ \n\t\0\ud800äˍ𝐠ﬀ#%!|<>;0123456789")))
@settings(max_examples=100, deadline=None)
def test_any_text_is_compiled_or_rejected_with_a_place(text):
    lines = text.count("\n") + 2
    result = compile_script(text, "<script>", modules=PUBLISHED)

    assert isinstance(result, Compiled) or all(
        1 <= each.line <= lines and each.column >= 1 and each.message for each in result.problems
    )
