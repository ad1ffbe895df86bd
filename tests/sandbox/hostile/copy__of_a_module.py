"""A copy of a facade."""


def main():
    import copy, json
    try:
        return copy.deepcopy(json) is json
    except TypeError as error:
        return str(error)

# ends: returned true
