"""What cannot be shown is said to be so."""


class A:
    def __str__(self):
        raise KeyError("x")
    def __repr__(self):
        raise KeyError("y")


def main(log):
    log.info(A(), field=A())
    return 1

# ends: returned 1
# logs: ["<A that cannot be shown>"]
