"""The answer as one picture: what each service costs and averts, and how sure that is."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from avert.results import Result

WIDTH, ROW, TOP, NAME, BAR = 1000, 46, 96, 450, 380
SURE, UNSURE, INK, PALE = "#1B5E8C", "#8CB4CF", "#1F2933", "#52606D"


def picture(result: Result) -> str:
    """An SVG with a bar for each service, as long as the admissions it averts in the plan.

    Full colour where the effects it rests on are of moderate or high certainty, pale with a dashed
    outline where they are of low or very low certainty; every number also stands in words.
    """
    table = result.interventions
    services = table[~table["intervention"].isin(["overlap", "total"])]
    services = services.sort_values("admissions_averted_in_plan", ascending=False, kind="stable")
    height = TOP + ROW * len(services) + 60
    root = ElementTree.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=str(WIDTH),
        height=str(height),
        role="img",
    )
    ElementTree.SubElement(root, "title").text = _headline(result)
    rows = [(row.label, row.admissions_averted_in_plan, row.spend, row.certainty) for row in services.itertuples()]
    said = [
        f"{label}: {averted:.1f} admissions{_cost(spend)}, {certainty} certainty"
        for label, averted, spend, certainty in rows
    ]
    ElementTree.SubElement(root, "desc").text = "; ".join(said)
    ElementTree.SubElement(root, "rect", width="100%", height="100%", fill="#FFFFFF")
    _text(root, 24, 38, _headline(result), size=21, weight="bold")
    _text(root, 24, 66, "Emergency admissions averted by each service, and what it costs", size=16, fill=PALE)
    longest = max([averted for _, averted, *_ in rows], default=1.0)
    for number, (label, averted, spend, certainty) in enumerate(rows):
        _bar(
            root,
            TOP + ROW * number,
            label,
            averted,
            spend,
            certainty not in ("moderate", "high"),
            max(0.0, averted) / max(longest, 1e-9),
        )
    foot = "Pale, dashed: rests on effects of low or very low certainty. Overlap between services is taken off."
    _text(root, 24, height - 22, foot, size=14, fill=PALE)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _headline(result: Result) -> str:
    years = result.manifest["years"]
    when = years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
    name = result.manifest["label"] or result.manifest["plan"]
    return f"{name}, {when}: £{result.spend:,.0f} averts {result.admissions_averted:,.0f} admissions"


def _cost(spend: float) -> str:
    """'  (£1,000)', or nothing for a row that costs nothing of its own."""
    return f"   (£{spend:,.0f})" if spend == spend else ""


def _bar(
    root: ElementTree.Element, top: int, label: str, averted: float, spend: float, unsure: bool, part: float
) -> None:
    shown = label if len(label) <= 58 else label[:57].rstrip() + "…"
    _text(root, NAME - 12, top + 24, shown, size=15, anchor="end")
    length = max(1.0, BAR * part)
    place = {"x": str(NAME), "y": str(top + 6), "width": f"{length:.1f}", "height": "26"}
    style = {"fill": UNSURE, "stroke": SURE, "stroke-dasharray": "5 3"} if unsure else {"fill": SURE}
    ElementTree.SubElement(root, "rect", place | style)
    _text(root, NAME + length + 8, top + 24, f"{averted:,.1f}{_cost(spend)}", size=15)


def _text(
    root: ElementTree.Element,
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    fill: str = INK,
    weight: str = "normal",
    anchor: str = "start",
) -> None:
    font = {"font-family": "Helvetica, Arial, sans-serif", "font-size": str(size), "font-weight": weight}
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "fill": fill, "text-anchor": anchor}
    ElementTree.SubElement(root, "text", font | place).text = words
