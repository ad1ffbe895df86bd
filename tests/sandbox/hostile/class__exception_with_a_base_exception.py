"""What is no Exception is caught at the end all the same."""


def main():
    class Out(BaseException):
        pass
    raise Out("of here")

# ends: faulted Out: of here
