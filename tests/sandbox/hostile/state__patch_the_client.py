"""A method of the client can be exchanged; what it is handed is the script's own."""


def main():
    from deputize.script import Http
    seen = []
    def spy(self, request):
        seen.append([type(request).__name__, hasattr(self, "_channel")])
    Http.send = spy
    return seen

# ends: returned []
