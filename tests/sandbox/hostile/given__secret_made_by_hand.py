"""A script can name a secret that it was not given; the host looks at its list."""


from deputize.script import Secret


def main(http):
    return str(Secret("other"))

# ends: returned "‹secret:other›"
