#!/usr/bin/env python3
"""Holds examples/ci to the command: ci_examples.py LOCKSTORM EXAMPLES. Every `lockstorm ...` line must parse, and `audit` lines really run."""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed: skipped")
    sys.exit(77)


def scripts(node):
    """All shell of a document: GitHub's `run`, GitLab's `script` and `before_script`."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("run", "script", "before_script"):
                yield from value if isinstance(value, list) else value.splitlines()
            else:
                yield from scripts(value)
    elif isinstance(node, list):
        for item in node:
            yield from scripts(item)


def main():
    lockstorm, examples = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    checked = failed = 0
    for file in sorted(examples.glob("ci/*.yml")):
        for line in scripts(yaml.safe_load(file.read_text())):
            if not re.match(r"\s*lockstorm\s", line):
                continue
            words = shlex.split(re.split(r"\s(?:>|\|\|)\s", line.strip())[0])[1:]
            with tempfile.TemporaryDirectory() as directory:
                if words[0] == "audit":
                    words[-1] = str(examples / "s3-dynamodb")
                    done = subprocess.run([lockstorm, *words], cwd=directory, capture_output=True, text=True, check=False)
                    written = [word for option, word in zip(words, words[1:]) if option.startswith("--") and "." in word]
                    good = done.returncode in (0, 1) and all((Path(directory) / name).stat().st_size for name in written)
                else:  # parsed, not run: --help comes after everything else has been taken in
                    done = subprocess.run([lockstorm, *words, "--no-such-option"], capture_output=True, text=True, check=False)
                    good = done.returncode == 64 and "'--no-such-option'" in done.stderr
            checked += 1
            if not good:
                failed += 1
                print(f"{file}: `{line.strip()}` ended with {done.returncode}: {done.stderr}")
    print(f"{checked} command lines, {failed} that the command does not take")
    return 1 if failed or checked < 6 else 0


if __name__ == "__main__":
    sys.exit(main())
