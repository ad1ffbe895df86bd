"""A mapping is no value of a header."""


def main(http):
    http.get("/x", headers={"a": {"$secret": "token"}})

# ends: faulted TypeError: headers['a'] must be a text, not dict
