"""A buffer that is viewed does not change its size."""


def main():
    from io import BytesIO
    b = BytesIO(b"abc")
    view = b.getbuffer()
    try:
        b.write(b"x" * 100)
    except BufferError as error:
        return str(error)

# ends: returned "Existing exports of data: object cannot be re-sized"
