"""A base may say what stands in its place."""


def main():
    class Liar:
        def __mro_entries__(self, bases):
            return (dict,)

# ends: rejected 6:9 NAME_NOT_ALLOWED
