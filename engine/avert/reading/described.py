"""What the keys of a record mean: the words that stand under each in the record's source.

They are read when somebody asks for a schema or a starter file.  Pydantic can read them too, but does so for every
record whenever avert is imported.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def descriptions(kind: type[BaseModel]) -> Mapping[str, str]:
    """Field → the words under it, also for fields that come from the records `kind` builds on."""
    records = [one for one in reversed(kind.__mro__) if issubclass(one, BaseModel) and one is not BaseModel]
    return {field: words for record in records for field, words in _own(record)}


def _own(kind: type) -> Iterator[tuple[str, str]]:
    """Fields that the class itself declares, each with its words; a field without any has none."""
    (stated,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(stated, ast.ClassDef)
    for declared, below in pairwise([*stated.body, ast.Pass()]):
        if isinstance(declared, ast.AnnAssign) and isinstance(declared.target, ast.Name):
            written = below.value if isinstance(below, ast.Expr) else None
            words = written.value if isinstance(written, ast.Constant) else None
            yield declared.target.id, inspect.cleandoc(words) if isinstance(words, str) else ""
