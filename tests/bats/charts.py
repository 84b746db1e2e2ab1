"""Judges what bench/run.sh leaves in a folder: charts.py columns|values|contrast FOLDER. Prints what is wrong."""

import csv
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

COLUMNS = (
    "what user variant unit rounds median low high baseline ratio ratio_low ratio_high added added_low added_high"
).split()
SVG = "{http://www.w3.org/2000/svg}"
TEXT, GRAPHICS = 4.5, 3.0  # the least contrast of each, by WCAG 2 at level AA


def rows_of(folder, subject):
    with open(folder / f"{subject}.csv", newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


def wrong_columns(folder):
    for path in sorted(folder.glob("*.csv")):
        if path.stem in ("machine", "bars"):
            continue
        rows = rows_of(folder, path.stem)
        if not rows or list(rows[0]) != COLUMNS:
            yield f"{path.name}: the columns are {list(rows[0]) if rows else 'none'}"
        for row in rows:
            name = f"{path.name}: {row['what']}, {row['user']}, {row['variant']}"
            if not all(row[column] for column in COLUMNS[:8]):
                yield f"{name}: a field is empty"
                continue
            if not float(row["low"]) <= float(row["median"]) <= float(row["high"]):
                yield f"{name}: the median is not between low and high"
            if not row["baseline"]:
                continue
            base = [other for other in rows if all(other[key] == row[key] for key in ("what", "user", "unit"))]
            if row["baseline"] not in [other["variant"] for other in base]:
                yield f"{name}: its baseline is not in the table"
            if not float(row["ratio_low"]) <= float(row["ratio"]) <= float(row["ratio_high"]):
                yield f"{name}: the ratio is not in its interval"
            if not float(row["added_low"]) <= float(row["added"]) <= float(row["added_high"]):
                yield f"{name}: what is added is not in its interval"


def milliseconds(row):
    value = float(row["median"])
    return f"{value / 1000:.2f} ms" if value < 9995 else f"{value / 1000:.1f} ms"


def times(row):
    ratio = float(row["ratio"])
    return f"{ratio:.1f}×" if ratio < 9.95 else f"{ratio:.0f}×"


def of_no_sandbox(rows, what):
    return [row for row in rows if row["what"] == what and (row["variant"] == "bare" or row["baseline"] == "bare")]


def expected_of_startup(rows):
    users = {row["user"] for row in rows}
    for what in ("twelve paths before true", "private root before true"):
        chosen = {}
        for row in of_no_sandbox(rows, what):
            if row["variant"] not in chosen or row["user"] == "user":
                chosen[row["variant"]] = row
        for variant, row in chosen.items():
            if variant == "bare":
                yield "no sandbox", milliseconds(row)
            else:
                as_root = ", as root" if row["user"] == "root" and "user" in users else ""
                yield variant + as_root, f"{milliseconds(row)}, {times(row)}"


def expected_of_runtime(rows):
    names = {"getpid": "getpid", "read": "read of one byte", "ffmpeg": "ffmpeg, a film", "gcc": "gcc -c"}
    names |= {"find": "find /usr", "grep": "grep -r"}
    for row in rows:
        if row["variant"] == "sandboxed":
            yield names[row["what"]], f"{100 * (float(row['ratio']) - 1):+.1f} %".replace("-", "−")


def expected_of_rules(rows):
    for what, divisor, unit in (("start of target", 1000, "ms"), ("open and close", 1000, "µs")):
        for row in of_no_sandbox(rows, what):
            count = row["variant"]
            name = "no sandbox" if count == "bare" else "1 rule" if count == "1" else f"{int(count):,} rules"
            yield name, f"{float(row['median']) / divisor:.2f} {unit}"


def wrong_values(folder):
    expected_of = {"startup": expected_of_startup, "runtime": expected_of_runtime, "rules": expected_of_rules}
    for chart, expected in expected_of.items():
        root = ElementTree.parse(folder / f"{chart}.svg").getroot()
        pairs = list(expected(rows_of(folder, chart)))
        texts = [text.text for text in root.iter(f"{SVG}text")]
        described = {part.get("id"): part.text for part in root if part.tag in (f"{SVG}title", f"{SVG}desc")}
        if root.get("role") != "img" or set(root.get("aria-labelledby", "").split()) != set(described):
            yield f"{chart}: its title and description are not its label"
        for name, value in pairs:
            if name not in texts or value not in texts:
                yield f"{chart}: does not show {name}: {value}"
            if f"{name}: {value}." not in described.get("description", ""):
                yield f"{chart}: does not say {name}: {value}"
        if len(list(root.iter(f"{SVG}polygon"))) != len(pairs):
            yield f"{chart}: has not one bar for each of {len(pairs)} figures"
        for group in root.iter(f"{SVG}g"):
            if float(group.get("font-size", "17")) < 16.8:  # 12 px in a column of 400
                yield f"{chart}: text of {group.get('font-size')} px"


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


# (what it is, its colour) of all that is drawn, with what it inherits.
def painted(element, inherited):
    style = {key: element.get(key, inherited[key]) for key in inherited}
    kind = element.tag.removeprefix(SVG)
    if kind in ("text", "rect", "polygon", "path"):
        for key in ("fill", "stroke"):
            colour = style["color"] if style[key] == "currentColor" else style[key]
            if colour != "none" and (kind, key) != ("path", "fill"):
                yield kind, key, colour
    for child in element:
        yield from painted(child, style)


def wrong_contrast(folder):
    for path in sorted(folder.glob("*.svg")):
        root = ElementTree.parse(path).getroot()
        style = root.find(f"{SVG}style").text
        dark = {
            (key, light): colour
            for key, light, colour in re.findall(r'\[(\w+)="(#\w{6})"\] \{ \w+: (#\w{6}) \}', style)
        }
        paint = list(painted(root, {"fill": "#000000", "stroke": "none", "color": "#000000"}))
        for scheme in ("light", "dark"):
            if scheme == "dark":
                paint = [(kind, key, dark.get((key, colour), colour)) for kind, key, colour in paint]
            paper = next(colour for kind, _, colour in paint if kind == "rect")
            if contrast(paper, {"light": "#ffffff", "dark": "#0d1117"}[scheme]) > 1.0:
                yield f"{path.name}: its paper is not that of a {scheme} page"
            bars = {colour for kind, _, colour in paint if kind == "polygon"}
            for kind, key, colour in sorted(set(paint)):
                least = TEXT if kind == "text" else GRAPHICS
                against = {paper} | (bars if kind == "path" else set())
                for ground in against if kind != "rect" else ():
                    if contrast(colour, ground) < least:
                        yield f"{path.name}, {scheme}: {key} {colour} of {kind} on {ground}: {contrast(colour, ground):.2f}"


def main():
    judge = {"columns": wrong_columns, "values": wrong_values, "contrast": wrong_contrast}[sys.argv[1]]
    wrong = list(judge(Path(sys.argv[2])))
    print("\n".join(wrong), end="")
    sys.exit(bool(wrong))


main()
