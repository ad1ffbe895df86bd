"""With arguments, super looks at any object from any class."""


def main():
    return super(int, True).__add__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED; 5:12 NAME_NOT_ALLOWED
