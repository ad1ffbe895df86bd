"""There is nothing to wait for."""


def main():
    async with main:
        pass

# ends: rejected 5:5 SYNTAX_NOT_SUPPORTED
