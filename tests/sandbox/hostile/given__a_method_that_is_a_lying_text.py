"""What is sent is the text itself."""


class S(str):
    def upper(self):
        return self
    def __str__(self):
        return "DELETE"


def main(http):
    http.request(S("get"), "/x")
    return "sent as it is"

# ends: returned "sent as it is"
