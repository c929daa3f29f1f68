#!/usr/bin/env python3
"""Writes scenarios/library/matrix/: one scenario for each violated cell of `lockstorm matrix`, with the sentence that the
report of its shortest counterexample opens with. Run it from the project's root after the models have changed:

    scripts/matrix_library.py build/release/bin/lockstorm
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

LIBRARY = pathlib.Path("scenarios/library/matrix")


def cells(lockstorm):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "matrix.json")
        subprocess.run([lockstorm, "matrix", "--json", file], stdout=subprocess.DEVNULL, check=False)
        for row in json.loads(file.read_text())["matrix"]:
            for name, cell in row["properties"].items():
                if cell["verdict"] == "violated":
                    yield row, name, cell


def scenario(cell, name):
    return (f"configuration: {cell['configuration']}\n"
            f"check: [{name}]\n"
            f"expect:\n  {name}: violated\n")


# The paragraphs between the counterexample's heading and its table.
def story(lockstorm, text):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "cell.yaml")
        file.write_text(text)
        report = subprocess.run([lockstorm, "verify", file], capture_output=True, text=True, check=False).stdout
    told = re.search(r"^-- counterexample 1 .*?\n(.*?)\n\n   step", report, re.S | re.M).group(1)
    return "\n".join(
        textwrap.fill(without_steps(" ".join(part.split())), 110, initial_indent="# ", subsequent_indent="# ")
        for part in told.split("\n\n"))


# Without the report's table its step numbers say nothing.
def without_steps(text):
    return re.sub(r" \((since )?step \d+\)| at step \d+|, step \d+(?=\))", "", text)


def main():
    lockstorm = pathlib.Path(sys.argv[1]).resolve()
    shutil.rmtree(LIBRARY, ignore_errors=True)
    for row, name, cell in cells(lockstorm):
        folder = LIBRARY / row["backend"].replace("+", "-") / row["tool"]
        folder.mkdir(parents=True, exist_ok=True)
        text = scenario(cell, name)
        (folder / f"{name}.yaml").write_text(story(lockstorm, text) + "\n" + text)


main()
