"""Two secrets are not joined."""


def main(secrets):
    return secrets["token"] + secrets["token"]

# ends: faulted TypeError: unsupported operand type(s) for +: 'Secret' and 'Secret'
