"""The book that boards and the public read: pages from saved runs, built by Jupyter Book."""

from avert.book.checking import check_built
from avert.book.making import check_book, check_place, make_book, read_book, run_what_is_stale

__all__ = ["check_book", "check_built", "check_place", "make_book", "read_book", "run_what_is_stale"]
