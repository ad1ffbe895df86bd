"""A star binds what nobody has judged."""


from os import *


def main():
    return environ

# ends: rejected 4:1 IMPORT_NOT_ALLOWED; 8:12 NAME_UNKNOWN
