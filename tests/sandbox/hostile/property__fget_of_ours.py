"""The function of a property of ours is a function, with nothing to read."""


def main():
    from deputize.script import Response
    return [hasattr(Response.text.fget, name) for name in ("__globals__", "__code__", "__closure__")]

# ends: returned [false, false, false]
