"""There is nothing to wait for."""


def main():
    async def f():
        return [x async for x in y]

# ends: rejected 5:5 SYNTAX_NOT_SUPPORTED; 6:29 SYNTAX_NOT_SUPPORTED; 6:34 NAME_UNKNOWN
