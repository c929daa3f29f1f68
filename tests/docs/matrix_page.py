#!/usr/bin/env python3
"""Holds docs/matrix.md and the small table of README.md to `lockstorm matrix`: matrix_page.py LOCKSTORM SOURCE [--update] [--matrix FILE].

The page has the table that `lockstorm matrix --markdown` prints; the README has one row for each backend, with its own lock, where the two tools
share a cell if they agree. Each stands between `<!-- matrix -->` and `<!-- /matrix -->`. `--update` writes them; `--matrix FILE` takes the table
from what that command has printed before, which otherwise takes a minute of one core.
"""

import argparse
import difflib
import re
import subprocess
import sys
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
BETWEEN = re.compile(r"(?<=^<!-- matrix -->\n).*?(?=^<!-- /matrix -->$)", re.M | re.S)


def printed(lockstorm):
    done = subprocess.run([lockstorm, "matrix", "--markdown"], capture_output=True, text=True, check=False)
    if done.returncode > 2:
        sys.exit(f"`lockstorm matrix --markdown` ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("lockstorm", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--matrix", type=Path)
    options = parser.parse_args()
    table = table_of(options.matrix.read_text() if options.matrix else printed(options.lockstorm.resolve()))
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
        difference = difflib.unified_diff(found[0].strip().splitlines(), wanted.splitlines(), name, "lockstorm matrix", lineterm="", n=0)
        print("\n".join(difference))
    print(f"{len(cells_of(table))} rows, {wrong} pages that say something else")
    if wrong:
        print(f"after reading the difference: {sys.argv[0]} {options.lockstorm} {options.source} --update")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
