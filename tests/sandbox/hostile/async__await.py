"""There is nothing to wait for."""


def main():
    await main()

# ends: rejected 5:5 SYNTAX_NOT_SUPPORTED
