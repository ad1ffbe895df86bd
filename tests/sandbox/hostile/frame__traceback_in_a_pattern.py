"""A context manager is handed the traceback; patterns cannot read it."""


def main():
    class Catch:
        def __enter__(self):
            return self
        def __exit__(self, kind, error, traceback):
            match traceback:
                case object(tb_frame=frame):
                    found.append(frame)
            return True
    found = []
    with Catch():
        1 / 0
    return ["reached", found]

# ends: rejected 10:22 ATTRIBUTE_NOT_ALLOWED
