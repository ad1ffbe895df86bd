"""A copy of a method is bound to the client."""


import copy


def main(http):
    return str(copy.deepcopy(http.get)) == str(http.get)

# ends: returned true
