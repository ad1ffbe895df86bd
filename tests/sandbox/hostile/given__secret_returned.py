"""A secret is no result."""


def main(secrets):
    return [secrets["token"]]

# ends: faulted TypeError: main returned a Secret at [0]; it stays a name
