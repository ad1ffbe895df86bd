"""What is sent is judged by its type."""


def main(http):
    found = []
    for timeout in (True, "1", -1, 0, float("inf"), float("nan")):
        try:
            http.get("/x", timeout=timeout)
        except (TypeError, ValueError) as error:
            found.append(str(error))
    return found

# ends: returned ["timeout must be a number of seconds, not bool", "timeout must be a number of seconds, not str", "timeout must be more than 0 seconds, not -1", "timeout must be more than 0 seconds, not 0", "timeout must be more than 0 seconds, not inf", "timeout must be more than 0 seconds, not nan"]
