"""Files to plain data and plain data to records, with every fault in the author's words."""

from avert.reading.described import descriptions
from avert.reading.records import Line, Misplaced, NonNegative, Positive, Record, Share, Words, record_from
from avert.reading.salvage import salvaged
from avert.reading.tables import Row, Table
from avert.reading.text import Document, TextFile, is_file, read_file, read_yaml

__all__ = [
    "Document",
    "Line",
    "Misplaced",
    "NonNegative",
    "Positive",
    "Record",
    "Row",
    "Share",
    "Table",
    "TextFile",
    "Words",
    "descriptions",
    "is_file",
    "read_file",
    "read_yaml",
    "record_from",
    "salvaged",
]
