"""The client takes no identity."""


def main(http):
    http.get("/x", user="dana")

# ends: faulted TypeError: Http.get() got an unexpected keyword argument 'user'
