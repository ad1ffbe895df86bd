"""A generator cannot be copied."""


def main():
    import copy
    try:
        copy.copy(n for n in ())
    except TypeError as error:
        return str(error)

# ends: returned "cannot pickle 'generator' object"
