"""What is kept between calls is not to be had."""


def main():
    import re
    return re.purge

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
