"""`python -m avert`."""

from avert.cli import main

main()
