"""The frame of a traceback, wherever one would come from."""


def main():
    return [].tb_frame

# ends: rejected 5:12 ATTRIBUTE_NOT_ALLOWED
