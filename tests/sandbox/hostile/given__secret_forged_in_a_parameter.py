"""A mapping is no value of a parameter."""


def main(http):
    http.get("/x", params={"a": {"$secret": "token"}})

# ends: faulted TypeError: params['a'] must be a text, a number, a boolean, None, or a list of them, not dict
