"""Any argument is one too many."""


def main():
    return super(**{}).__init__

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED; 5:12 NAME_NOT_ALLOWED
