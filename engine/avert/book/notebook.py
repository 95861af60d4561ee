"""The worked example: a notebook that is run before the book is built, and its outputs as HTML."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from avert.errors import AvertError
from avert.plan import PlanInFull

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")

TEXT = """\
# A worked example

This notebook finds the best use of the plan's money for its first year, checks the answer and asks what would
change it. It was run when the book was made. To run it yourself, install avert
(`pip install avert`), download the notebook and the plan's files below, and keep them in one folder.

:::{piece} _charts/worked-example-files
:::
"""
STEPS = (
    (
        "## Open the plan\n\nA plan is checked against its area and the evidence as it is read.",
        'import avert\n\nplan = avert.load_plan("{plan}")\nprint("years:", ", ".join(plan.years))\n'
        'print(len(plan.candidates), "services to choose from")',
    ),
    (
        "## Find the best use of the money\n\nThe answer comes with its proof: no plan can be worth more than "
        "the "
        "bound.",
        "result = avert.optimise(plan, years=1)\n"
        'print(f"{{result.admissions_averted:,.1f}} admissions averted for £{{result.spend:,.0f}}")\n'
        "print(f\"bound: {{result.manifest['upper_bound']:,.4f}}, plan: {{result.manifest['objective']:,.4f}}\")",
    ),
    (
        "## What it buys",
        'columns = ["label", "participants", "spend", "admissions_averted_in_plan"]\n'
        "print(result.interventions[columns].round(1).to_string(index=False, max_colwidth=32))",
    ),
    (
        "## What adding up would have claimed\n\nEach service alone, summed, against what they avert together.",
        'alone = result.interventions.set_index("intervention")["admissions_averted_alone"]\n'
        'services = alone.drop(["overlap", "total", "stopped"], errors="ignore")\n'
        "print(f\"added up {{services.sum():,.1f}}, together {{alone['total']:,.1f}}\")",
    ),
    (
        "## An allocation of one's own\n\nThe optimum's own offers, given back, must be worth what the optimum is.",
        "again = avert.evaluate(plan, result.offers, years=1)\n"
        'print(f"{{again.admissions_averted:,.6f}} and {{result.admissions_averted:,.6f}}")',
    ),
    (
        "## What one more pound would bring\n\nMarginal values of partners' money, for each £1,000.",
        "values = result.marginal_values\n"
        'money = values[values["line"].str.startswith("within_contribution")]\n'
        'print(money[["in_words", "value"]].round(4).to_string(index=False))',
    ),
)
"""Words before each cell, and the cell."""


def run_example(plan: PlanInFull) -> str:
    """The notebook with its outputs, as text.  Raises AvertError if a cell fails."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    book = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    cells = [nbformat.v4.new_markdown_cell(TEXT)]
    for words, code in STEPS:
        cells += [nbformat.v4.new_markdown_cell(words), nbformat.v4.new_code_cell(code.format(plan=plan.path.name))]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    book.cells = cells
    with tempfile.TemporaryDirectory() as folder:
        for name in plan.hashes:
            shutil.copy(plan.path.parent / name, folder)
        here = {"metadata": {"path": folder}}
        try:
            NotebookClient(
                book, kernel_name="python3", record_timing=False, resources=here, config=_without_network(folder)
            ).execute()
        except CellExecutionError as error:
            raise AvertError(f"the worked example can't be run: {_COLOURS.sub('', str(error))[-600:]}") from error
    book.metadata.pop("language_info", None)
    return str(nbformat.writes(book)) + "\n"


def _without_network(folder: str) -> Any:
    """The kernel is spoken to through files in `folder` and not through ports, where the system can do that."""
    from traitlets.config import Config

    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}} if os.name == "posix" else {})


def files_of(plan: PlanInFull) -> dict[str, bytes]:
    """The plan's own files by name."""
    return {name: (plan.path.parent / name).read_bytes() for name in plan.hashes}


def output_html(data: Mapping[str, Any]) -> str:
    """One output of a cell, as text."""
    if data["output_type"] == "stream":
        words = data["text"]
    elif data["output_type"] == "error":
        words = data.get("traceback") or data.get("evalue", "")
    else:
        words = data.get("data", {}).get("text/plain", "")
    text = words["content"] if isinstance(words, Mapping) else words
    said = "\n".join(text) if isinstance(text, list) else str(text)
    return f'<pre tabindex="0">{escape(_COLOURS.sub("", said).rstrip(), quote=False)}</pre>'


def packed_name(path: Path) -> str:
    """Name of the zip file with the plan's files."""
    return f"{path.stem}-plan.zip"
