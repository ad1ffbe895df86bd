"""A key of the script's own does not name a secret."""


def main(http):
    http.post("/x", json={"a": [{"$secret": "token"}]})

# ends: faulted ValueError: json holds a key "$secret" at ['a'][0]; it is kept for secrets; put one itself there
