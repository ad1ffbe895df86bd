"""The context of an exception is an exception of elsewhere."""


def main():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error.__context__

# ends: rejected 8:16 ATTRIBUTE_NOT_ALLOWED
