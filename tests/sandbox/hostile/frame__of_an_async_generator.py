"""Advisory of 8.5: the frame of an asynchronous generator."""


def main():
    async def f():
        yield
    return f().ag_frame

# ends: rejected 5:5 SYNTAX_NOT_SUPPORTED; 7:12 ATTRIBUTE_NOT_ALLOWED
