"""A path is a path; where it leads is for the host to say."""


def main(http):
    try:
        http.get(7)
    except TypeError as error:
        return str(error)

# ends: returned "path must be a text, not int"
