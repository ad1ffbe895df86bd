def main():
    table = {"a": 1, "b": 2}
    del table["a"]
    numbers = list(range(6))
    del numbers[1:3], numbers[0]
    name = 1
    del name
    try:
        name
    except UnboundLocalError as error:
        return [table, numbers, type(error).__name__]

# ends: returned [{"b": 2}, [3, 4, 5], "UnboundLocalError"]
