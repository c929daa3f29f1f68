#!/usr/bin/env python3
"""Holds what is written down of `lockstorm matrix` to one run of it: matrix_page.py LOCKSTORM SOURCE [--update] [--matrix MARKDOWN JSON].

docs/matrix.md has the table that `lockstorm matrix --markdown` prints; README.md has one row for each backend, with its own lock, where the two
tools share a cell if they agree. Each stands between `<!-- matrix -->` and `<!-- /matrix -->`, and `--update` writes both. The library has each
number as a row of scenarios/library/matrix.txt, whose stories are held (and whose rows are renewed) by tests/reports/matrix_goldens_test.cpp.
`--matrix` takes what `lockstorm matrix --markdown --json JSON > MARKDOWN` has printed before; otherwise that takes a minute of one core.
"""

import argparse
import difflib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# What the README calls a backend with its lock, and the row of the matrix that it is.
ROWS = {
    "`s3` with `use_lockfile`": "s3+lockfile",
    "`s3` with `dynamodb_table`": "s3+dynamodb",
    "`azurerm`": "azurerm",
    "`gcs`": "gcs",
    "`consul`": "consul",
    "`kubernetes`": "kubernetes",
    "`pg`": "pg",
    "`http` to GitLab": "http+lock+unlock+gitlab",
    "`remote`": "remote",
    "`cloud`": "cloud",
    "`oss` with `tablestore_table`": "oss+tablestore",
    "`cos`": "cos",
    "`oci`": "oci",
    "`local`": "local",
}
# Its columns, and the properties that they are about.
COLUMNS = {
    "two holders": "mutual-exclusion",
    "acts without the lock": "exclusive-effects",
    "lost update": "no-lost-update",
    "broken state": "state-integrity",
    "frees another's lock": "own-lock-only",
    "stuck lock": "stale-lock-recovery",
    "waits in vain": "progress",
    "drift": "no-drift",
    "lock left behind": "lock-released",
}
TOOLS = ("terraform", "opentofu")
LIBRARY = "scenarios/library/matrix.txt"
# A row without its story: name, configuration, adverse events and steps.
ROW = re.compile(r"^(matrix/\S+)\n  (\S+)\n  (\d+) adverse events?, (\d+) steps?$", re.M)
BETWEEN = re.compile(r"(?<=^<!-- matrix -->\n).*?(?=^<!-- /matrix -->$)", re.M | re.S)


def printed(lockstorm):
    """As Markdown and as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "matrix.json")
        done = subprocess.run([lockstorm, "matrix", "--markdown", "--json", file], capture_output=True, text=True, check=False)
        if done.returncode > 2:
            sys.exit(f"`lockstorm matrix --markdown` ended with {done.returncode}:\n{done.stderr}")
        return done.stdout, file.read_text()


def table_of(text):
    """The first table of a Markdown text, as it stands there."""
    return "".join(re.search(r"^\|.*?(?=^[^|]|\Z)", text, re.M | re.S).group(0).rstrip("\n") + "\n")


def cells_of(table):
    """{(backend, tool): {property: cell}}"""
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
    return {(row[0], row[1]): dict(zip(head[2:], row[2:])) for row in rows}


def short(cell):
    """Of the numbers only 0 stands out."""
    return {"proved": "✓", "unknown": "?", "**0**": "**0**"}.get(cell, cell.strip("*"))


def small_table(table):
    cells = cells_of(table)
    lines = [f"| backend | {' | '.join(COLUMNS)} |", "|---|" + "---|" * len(COLUMNS)]
    for name, row in ROWS.items():
        tools = [cells[row, tool] for tool in TOOLS if (row, tool) in cells]
        if not tools:
            sys.exit(f"the matrix has no row {row}")
        shown = [list(dict.fromkeys(short(tool[one]) for tool in tools)) for one in COLUMNS.values()]
        lines.append(f"| {name} | {' | '.join('/'.join(cell) for cell in shown)} |")
    return "\n".join(lines) + "\n"


def numbers_of(document):
    """The rows, without their stories, that the library's table should have."""
    rows = []
    for row in json.loads(document)["matrix"]:
        for name, cell in row["properties"].items():
            if cell["verdict"] == "violated":
                name_of_row = f"matrix/{row['backend'].replace('+', '-')}/{row['tool']}/{name}"
                rows.append((name_of_row, cell["configuration"], str(cell["events"]), str(cell["steps"])))
    return sorted(rows)


def difference(found, wanted, name):
    lines = difflib.unified_diff(found, wanted, name, "lockstorm matrix", lineterm="", n=0)
    print("\n".join(lines))


def is_library_complete(source, document):
    found = ROW.findall((source / LIBRARY).read_text())
    wanted = numbers_of(document)
    print(f"{len(wanted)} numbers, {len(found)} rows of {LIBRARY}")
    if found == wanted:
        return True
    difference([", ".join(row) for row in found], [", ".join(row) for row in wanted], LIBRARY)
    print("after reading the difference: LOCKSTORM_UPDATE_GOLDEN=1 ctest --preset release -R MatrixGoldens.AreWhat")
    return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("lockstorm", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--matrix", type=Path, nargs=2, metavar=("MARKDOWN", "JSON"))
    options = parser.parse_args()
    markdown, document = [file.read_text() for file in options.matrix] if options.matrix else printed(options.lockstorm.resolve())
    table = table_of(markdown)
    wrong = 0
    for name, wanted in (("docs/matrix.md", table), ("README.md", small_table(table))):
        page = options.source / name
        text = page.read_text()
        found = BETWEEN.findall(text)
        if len(found) != 1:
            sys.exit(f"{page}: expected one table between `<!-- matrix -->` and `<!-- /matrix -->`")
        if found[0] == f"\n{wanted}\n":
            continue
        if options.update:
            page.write_text(BETWEEN.sub(lambda _: f"\n{wanted}\n", text))
            print(f"{page}: renewed")
            continue
        wrong += 1
        difference(found[0].strip().splitlines(), wanted.splitlines(), name)
    print(f"{len(cells_of(table))} rows, {wrong} pages that say something else")
    if wrong:
        print(f"after reading the difference: {sys.argv[0]} {options.lockstorm} {options.source} --update")
    return 0 if is_library_complete(options.source, document) and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
