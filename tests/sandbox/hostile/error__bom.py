"""A mark of byte order in the middle is no letter."""


def main():
    return ﻿1

# ends: rejected 5:12 SYNTAX_ERROR
