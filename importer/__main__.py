"""`python -m importer` is the `importer` command."""

from importer.cli import main

if __name__ == "__main__":
    main()
