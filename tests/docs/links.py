#!/usr/bin/env python3
"""Holds the pages to the tree: links.py SOURCE. What a page refers to is there:

- relative links, and the headings that their anchors name; a page that is installed links only to what is installed with it
- files and folders of the tree that stand in backticks (`sim/steps.cpp`, `tests/sim`)
- tests that do (`Explorer.WiderKeysSeeTheSameStates`, `docs/links`), but in docs/reference, whose names of that form are those of real tools
"""

import fnmatch
import re
import sys
from pathlib import Path

FOLDERS = ("bench", "checkers", "cli", "cmake", "docs", "examples", "fuzz", "models", "reports", "scenarios", "scripts", "sim", "tests")
PLACEHOLDER = re.compile(r"[A-Z]{3}(?![A-Z]*\.md)")  # NAME_test.cpp; README.md is no placeholder
LINK = re.compile(r"\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^()\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
TEST = re.compile(r"[A-Z][a-z]\w+\.[A-Z]\w+")
DEFINED = re.compile(r"^\s*(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\(\s*(\w+),\s*(\w+)", re.M)


def without_code(text):
    return re.sub(r"^( *)```.*?^\1```$", lambda block: "\n" * block.group(0).count("\n"), text, flags=re.M | re.S)


def anchors_of(page):
    """As GitHub makes them of headings."""
    anchors = []
    for heading in re.findall(r"^#+ (.*?)\s*$", without_code(page.read_text()), re.M):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        anchors.append(f"{anchor}-{anchors.count(anchor)}" if anchor in anchors else anchor)
    return anchors


class Tree:
    def __init__(self, root):
        self.root = root
        install = (root / "cmake" / "install.cmake").read_text()
        documents = [line for line in install.splitlines() if "CMAKE_INSTALL_DOCDIR" in line]
        self.installed = [root / name for name in re.findall(r"\$\{PROJECT_SOURCE_DIR\}/([\w./-]+)", "\n".join(documents))]
        sources = (root / "tests").rglob("*_test.cpp")
        self.tests = {".".join(name) for source in sources for name in DEFINED.findall(source.read_text())}
        lists = "\n".join((root / folder / "CMakeLists.txt").read_text() for folder in ("fuzz", "tests"))
        self.ctests = [re.sub(r"\$\{\w+\}", "*", name) for name in re.findall(r"add_test\(NAME ([\w/${}]+)", lists)]

    def is_installed(self, path):
        return any(path == there or there in path.parents for there in self.installed)

    def wrong_link(self, page, link):
        """What is wrong with it; nothing if it leads somewhere."""
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            return "is not there"
        if not target.is_relative_to(self.root):
            return "leads out of the tree"
        if anchor and (target.suffix != ".md" or anchor not in anchors_of(target)):
            return "has no such heading"
        if self.is_installed(page) and not self.is_installed(target):
            return "is not installed with the page: name the file in backticks instead"
        return None

    def wrong_span(self, page, span):
        if TEST.fullmatch(span):
            is_ours = self.root / "docs" / "reference" not in page.parents
            return "no test has that name" if is_ours and span not in self.tests else None
        path = re.sub(r":\d+$", "", span)
        if not re.fullmatch(r"[\w./*{},-]+", path) or path.split("/")[0] not in FOLDERS or "/" not in path or PLACEHOLDER.search(path):
            return None
        if any(fnmatch.fnmatch(name, path) or fnmatch.fnmatch(path, name) for name in self.ctests):
            return None
        if "*" in path:
            return None if any(self.root.glob(path)) else "nothing is called so"
        return None if (self.root / path).exists() else "is not there"

    def check(self, page, text):
        """Every (line, what, why) that is wrong, and how many references there are."""
        text = without_code(text)
        wrong, number = [], 0
        for pattern, judge in ((LINK, lambda link: self.wrong_link(page, link)), (SPAN, lambda span: self.wrong_span(page, span))):
            for match in pattern.finditer(text):
                reference = match.group(1)
                if re.match(r"[a-z+]+:", reference):  # a URL
                    continue
                number += 1
                if why := judge(reference):
                    wrong.append((text[: match.start()].count("\n") + 1, reference, why))
        return wrong, number


MADE_UP = """[a](nowhere.md) [b](ARCHITECTURE.md#nowhere) [c](../sim/steps.hpp) [d](../../elsewhere)
`sim/nowhere.cpp` `tests/*/nowhere_test.cpp` `Explorer.NoSuchTest`
[e](ARCHITECTURE.md#follow-one-step) [f](../README.md) `sim/steps.hpp` `models/services/NAME.cpp` `Limits.ServicesOfOneWorld` `std::size_t`
"""


def main():
    tree = Tree(Path(sys.argv[1]).resolve())
    found, _ = tree.check(tree.root / "docs" / "made_up.md", MADE_UP)
    if [line for line, _, _ in found] != [1, 1, 1, 1, 2, 2, 2]:
        print(f"of the made up references these are found: {found}")
        return 1
    pages = [tree.root / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "reports/league.md")]
    for folder in ("bench", "docs", "examples", "scenarios", "tests"):
        pages += sorted((tree.root / folder).rglob("*.md"))
    failed = number = 0
    for page in pages:
        wrong, one_number = tree.check(page, page.read_text())
        number += one_number
        failed += len(wrong)
        for line, reference, why in sorted(wrong):
            print(f"{page.relative_to(tree.root)}:{line}: {reference}: {why}")
    print(f"{number} references of {len(pages)} pages, {failed} that lead nowhere")
    return 1 if failed or number < 300 else 0


if __name__ == "__main__":
    sys.exit(main())
