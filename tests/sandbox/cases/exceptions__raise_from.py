class Wrong(Exception):
    def __init__(self, code, *more):
        super().__init__(code, *more)
        self.code = code


def read(value):
    try:
        return int(value)
    except ValueError as error:
        raise Wrong(7, "no number") from error
    finally:
        steps.append("finally")


steps = []


def main():
    try:
        read("x")
    except (KeyError, Wrong) as error:
        caught = [error.code, error.args, str(error)]
    try:
        result = read("5")
    except Wrong:
        result = None
    else:
        result += 1
    try:
        try:
            raise KeyError("a")
        except KeyError:
            raise
    except LookupError as error:
        again = repr(error)
    error = ValueError("v")
    error.add_note("noted")
    try:
        raise error
    except Exception as same:
        return [caught, result, steps, again, same is error, issubclass(Wrong, Exception)]

# ends: returned [[7, [7, "no number"], "(7, 'no number')"], 6, ["finally", "finally"], "KeyError('a')", true, true]
