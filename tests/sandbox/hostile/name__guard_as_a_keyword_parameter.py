"""CVE-2026-55830: so does any other parameter."""


def main():
    def f(*, _getattr_=None, **_write_):
        return "{}".format("held")
    return f(_print_=1)

# ends: returned "held"
