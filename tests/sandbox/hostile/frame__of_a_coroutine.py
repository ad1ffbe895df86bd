"""There are no coroutines."""


def main():
    async def f():
        pass
    return f().cr_frame

# ends: rejected 5:5 SYNTAX_NOT_SUPPORTED; 7:12 ATTRIBUTE_NOT_ALLOWED
