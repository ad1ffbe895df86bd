"""A view of the buffer shows the buffer."""


def main():
    from io import BytesIO
    b = BytesIO(b"abc")
    return bytes(b.getbuffer().obj.getvalue()).decode()

# ends: faulted AttributeError: '_io._BytesIOBuffer' object has no attribute 'getvalue'
