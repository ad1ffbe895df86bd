"""The program that runs the script."""


def main():
    import __main__
    return str(__main__)

# ends: rejected 5:5 IMPORT_NOT_ALLOWED; 5:5 NAME_NOT_ALLOWED; 6:16 NAME_NOT_ALLOWED
