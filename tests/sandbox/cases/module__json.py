import json
from datetime import date
from io import StringIO


class Encoder(json.JSONEncoder):
    def default(self, o):
        return o.isoformat() if isinstance(o, date) else super().default(o)


def main():
    try:
        json.loads('{"a": ]}')
    except json.JSONDecodeError as error:
        wrong = [error.msg, error.lineno, error.colno, error.pos]
    try:
        json.dumps({1})
    except TypeError as error:
        refused = str(error)
    out = StringIO()
    json.dump({"a": 1}, out)
    return [
        json.dumps({"b": [1, None, True, 1.5], "a": "ä"}), json.dumps({"b": 1, "a": "ä"}, indent=2, sort_keys=True, ensure_ascii=False),
        json.loads('[1, 2.5, "x", null, {"k": [true]}]'), json.dumps(date(2024, 1, 1), cls=Encoder), json.dumps({"d": date(2024, 1, 1)}, default=str),
        json.loads("[1.5]", parse_float=str), json.loads('{"a": 1}', object_pairs_hook=list), wrong, refused, out.getvalue(),
        json.load(StringIO("[1]")), json.dumps([1, 2], separators=(",", ":")),
    ]

# ends: returned ["{\"b\": [1, null, true, 1.5], \"a\": \"\\u00e4\"}", "{\n  \"a\": \"ä\",\n  \"b\": 1\n}", [1, 2.5, "x", null, {"k": [true]}], "\"2024-01-01\"", "{\"d\": \"2024-01-01\"}", ["1.5"], [["a", 1]], ["Expecting value", 1, 7, 6], "Object of type set is not JSON serializable", "{\"a\": 1}", [1], "[1,2]"]
