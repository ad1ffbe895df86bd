"""Time that a replay does not give again."""


def main():
    import time
    return time.process_time()

# ends: rejected 6:12 ATTRIBUTE_UNKNOWN
