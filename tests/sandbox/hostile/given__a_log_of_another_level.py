"""Levels are methods."""


def main(log):
    getattr(log, "permission.denied", print)("forged")
    return hasattr(log, "write")

# ends: returned false
# logs: ["forged"]
