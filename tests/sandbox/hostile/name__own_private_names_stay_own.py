"""A name with an underscore is the script's own, whatever it is called."""


def main():
    _getitem_ = 1
    _write_ = 2
    return [_getitem_, _write_]

# ends: returned [1, 2]
