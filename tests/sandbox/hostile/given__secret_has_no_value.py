"""The value is with the host."""


def main(secrets):
    s = secrets["token"]
    return [name for name in ("_value", "value", "reveal", "_name", "name") if hasattr(s, name)]

# ends: returned []
