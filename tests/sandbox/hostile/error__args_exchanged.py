"""The arguments of an exception are its own."""


def main():
    try:
        1 / 0
    except ZeroDivisionError as error:
        error.args = (1, [2])
        return str(error)

# ends: returned "(1, [2])"
