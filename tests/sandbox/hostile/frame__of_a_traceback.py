"""An exception carries its traceback."""


def main():
    try:
        1 / 0
    except ZeroDivisionError as error:
        return error.__traceback__.tb_frame.f_back

# ends: rejected 8:16 ATTRIBUTE_NOT_ALLOWED; 8:16 ATTRIBUTE_NOT_ALLOWED; 8:16 ATTRIBUTE_NOT_ALLOWED
