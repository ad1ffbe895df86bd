"""Starts the zygote: ``python -s -S -P …/deputize_guest/__main__.py CONTROL LOOP ROOT…``."""

import importlib
import sys


def main() -> None:
    """Import the zygote and LOOP from ROOT…, and hand them the descriptor CONTROL.

    ``-S`` leaves out ``site``, so that no ``.pth`` file of the environment executes in here. The roots
    stand last: nothing in them can take the place of a standard module.
    """
    control, loop, *roots = sys.argv[1:]
    sys.path.extend(roots)
    # ``uuid`` does without the library of this name, which would be one more in every guest.
    sys.modules["_uuid"] = None  # type: ignore[assignment]
    from deputize_guest import large_pages  # noqa: PLC0415 - importable only since the roots are in the path

    large_pages.load_libraries()
    from deputize_guest import zygote  # noqa: PLC0415 - as the line before says, after what is to be first

    zygote.main(int(control), importlib.import_module(loop))


if __name__ == "__main__":
    main()
