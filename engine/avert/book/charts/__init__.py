"""Charts as still pictures with real text, each drawn for a desk and for a phone."""

from avert.book.charts.bars import Bar, bars
from avert.book.charts.concentration import concentration_chart
from avert.book.charts.figure import behind, chart_of, said_of, table_html
from avert.book.charts.frontier import frontier_chart, peak_of
from avert.book.charts.intervals import Interval, intervals
from avert.book.charts.svg import ticks
from avert.book.charts.tiles import Tile, tiles

__all__ = [
    "Bar",
    "Interval",
    "Tile",
    "bars",
    "behind",
    "chart_of",
    "concentration_chart",
    "frontier_chart",
    "intervals",
    "peak_of",
    "said_of",
    "table_html",
    "ticks",
    "tiles",
]
