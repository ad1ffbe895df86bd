"""The mapping of format_map sees names of fields only."""


def main():
    class M(dict):
        def __missing__(self, key):
            seen.append(key)
            return key
    seen = []
    try:
        "{a}{b.c}".format_map(M())
    except ValueError as error:
        return [seen, str(error)]

# ends: returned [["a"], "the field {b.c} looks inside a value; use an f-string, or format what is inside"]
