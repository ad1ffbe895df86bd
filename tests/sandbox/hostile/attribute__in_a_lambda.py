"""Lambdas have bodies."""


def main():
    return (lambda x: x.__globals__)(main)

# ends: rejected 5:23 ATTRIBUTE_NOT_ALLOWED
