"""``python -m deputize``: the same as the command ``deputize``."""

from deputize.cli import main

if __name__ == "__main__":
    main()
