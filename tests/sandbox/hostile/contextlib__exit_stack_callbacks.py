"""What a stack has kept is its own."""


def main():
    from contextlib import ExitStack
    class Mine(ExitStack):
        pass
    with Mine() as stack:
        stack.callback(print, "x")
        return sorted(vars(stack))

# ends: returned ["_exit_callbacks"]
# logs: ["x"]
