#!/usr/bin/env python3
"""Runs what the documents show: console_blocks.py LOCKSTORM SOURCE DOCUMENT...

In a ```console block a line `$ COMMAND` is run by sh, and what follows is its output (standard output, then standard error). A line `...` stands
for any lines, `[exit status N]` for the status when it is not 0. A ```cpp block must stand like that in some file of `examples/`. A ```yaml block that begins with `# NAME.yaml:` is written to that file first.
Times are not compared, and how far work has come is left out. Commands run in a fresh directory with the project's `examples/` in it, for each document one.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def blocks(text):
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S):
        yield match.group(1), text[: match.start()].count("\n") + 2, match.group(2).splitlines()


def commands(first_line, lines):
    command = None
    for number, line in enumerate(lines, first_line):
        if line.startswith("$ "):
            if command:
                yield command
            command = (number, line[2:], [])
        elif command:
            command[2].append(line)
    if command:
        yield command


def masked(line):
    return re.sub(r"\b[0-9.]+ s\b", "T s", line.rstrip())


def fits(expected, found):
    """Whether the lines are those expected, where `...` stands for any."""
    pattern = "".join(r"(?:.*\n)*" if line == "..." else re.escape(masked(line)) + r"\n" for line in expected)
    text = "".join(masked(line) + "\n" for line in found)
    return re.fullmatch(pattern, text) is not None


def check(document, directory, environment, code):
    failures = ran = 0
    for kind, first_line, lines in blocks(document.read_text()):
        if kind == "cpp" and not any("\n".join(lines) in text for text in code):
            failures += 1
            print(f"{document}:{first_line}: this code is in none of the examples")
        if kind == "yaml" and lines and (name := re.match(r"# ([\w-]+\.yaml):", lines[0])):
            (directory / name.group(1)).write_text("\n".join(lines) + "\n")
        if kind != "console":
            continue
        for number, command, expected in commands(first_line, lines):
            status = 0
            if expected and (end := re.fullmatch(r"\[exit status (\d+)\]", expected[-1])):
                status = int(end.group(1))
                expected = expected[:-1]
            done = subprocess.run(command, shell=True, cwd=directory, env=environment, text=True, capture_output=True, check=False)
            ran += 1
            found = [line for line in (done.stdout + done.stderr).splitlines() if not re.match(r"\d+ of \d+ \w+ done in ", line)]
            if done.returncode != status:
                failures += 1
                print(f"{document}:{number}: `{command}` ended with {done.returncode}, the document says {status}")
            elif not fits(expected, found):
                failures += 1
                print(f"{document}:{number}: `{command}` prints something else:\n" + "\n".join(found))
    return ran, failures


def main():
    lockstorm, source, *documents = [Path(argument).resolve() for argument in sys.argv[1:]]
    # Audits read what is set for the tools and for the backends.
    of_the_tools = ("TF_", "TG_", "AWS_", "ARM_", "PG_", "KUBE_", "GOOGLE_", "ALICLOUD_", "ALIBABA_", "OSS_", "TENCENTCLOUD_")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(of_the_tools)}
    environment = dict(ours, PATH=f"{lockstorm.parent}:{os.environ['PATH']}", NO_COLOR="1")
    code = [file.read_text() for file in sorted((source / "examples").rglob("*.[ch]pp"))]
    ran = failures = 0
    for document in documents:
        with tempfile.TemporaryDirectory() as directory:
            shutil.copytree(source / "examples", Path(directory) / "examples")
            one_ran, one_failed = check(document, Path(directory), environment, code)
            ran += one_ran
            failures += one_failed
    print(f"{ran} commands of {len(documents)} documents, {failures} not as they say")
    return 1 if failures or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
