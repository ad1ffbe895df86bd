"""What a cell holds, by its plain name."""


def main():
    return [].cell_contents

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
