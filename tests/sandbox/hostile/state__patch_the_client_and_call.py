"""A method of the client can be exchanged; what it is handed is the script's own."""


from deputize.script import Http

seen = []


def spy(self, request):
    seen.append([type(request).__name__, hasattr(self, "_channel"), hasattr(self, "channel")])


def main(http):
    Http.send = spy
    http.get("/x")
    return seen

# ends: returned [["HttpRequest", false, false]]
