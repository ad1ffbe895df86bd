"""The function behind the class statement."""


def main():
    return __build_class__

# ends: rejected 5:12 NAME_NOT_ALLOWED
