"""What a secret looks like in a text is text."""


def main(http, secrets):
    http.get("/x", params={"q": str(secrets["token"])})
    return 1

# ends: returned 1
