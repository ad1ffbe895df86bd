"""What is sent is judged by its type."""


def main(http):
    found = []
    for headers in ({"a": 1}, {1: "a"}, ["a"], "a: b", {"a": b"b"}):
        try:
            http.get("/x", headers=headers)
        except (TypeError, ValueError) as error:
            found.append(str(error))
    return found

# ends: returned ["headers['a'] must be a text, not int", "the names of headers must be texts, not int", "headers must be a mapping or a list of pairs; an item is str", "headers must be a mapping or a list of pairs, not str", "headers['a'] must be a text, not bytes"]
