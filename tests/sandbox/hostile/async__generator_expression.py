"""There is nothing to wait for."""


def main():
    return [x async for x in []]

# ends: rejected 5:12 SYNTAX_ERROR; 5:25 SYNTAX_NOT_SUPPORTED
