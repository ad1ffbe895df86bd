"""What was looked for is a text."""


def main():
    try:
        main.nothing
    except AttributeError as error:
        return error.name

# ends: returned "nothing"
