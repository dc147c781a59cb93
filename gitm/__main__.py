"""``python -m gitm`` is ``gitm``."""

from gitm.cli import main

if __name__ == "__main__":
    main()
