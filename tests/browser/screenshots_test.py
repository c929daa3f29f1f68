#!/usr/bin/env python3
"""Pages as pictures: each against the one in tests/data/golden/pages, at three widths, light and dark.

Usage: screenshots_test.py LOCKSTORM GOLDENS MODULES FAILED [--renew]

MODULES: pixelmatch and pngjs, which scripts/schemas brings. Into FAILED go the pictures that differ and where they do. --renew
(scripts/screenshots) writes the goldens anew. Exit status 77 (skipped) where a program, the modules or the font is absent.
"""
import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from pages import PAUSED, SKIPPED, WIDTHS, open_browser, root_module, run, set_width, two_locks

LOCKSTORM, GOLDENS, MODULES, FAILED = (pathlib.Path(name).resolve() for name in sys.argv[1:5])
RENEW = "--renew" in sys.argv
COMPARE, SHRINK = (pathlib.Path(__file__).with_name(name) for name in ("compare.mjs", "shrink.mjs"))
THEMES = ("light", "dark")
HEIGHTS = {1400: 720, 800: 800, 390: 800}
MOST_BYTES = 1_500_000
# Whatever fonts there are, and whenever the picture is taken.
STYLE = """<style>*{font-family:"DejaVu Sans"!important;animation:none!important;transition:none!important;caret-color:transparent!important}
code,pre,kbd,.op{font-family:"DejaVu Sans Mono"!important}</style></head>"""


def skip(why):
    print("skipped: " + why)
    sys.exit(SKIPPED)


if shutil.which("node") is None:
    skip("no node (Debian: nodejs)")
if not (MODULES / "pixelmatch" / "index.js").exists() or not (MODULES / "pngjs" / "lib" / "png.js").exists():
    skip(f"no pixelmatch and pngjs in {MODULES}: scripts/schemas brings them")
if shutil.which("fc-list") is None or "DejaVu Sans" not in subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout:
    skip("no font DejaVu Sans (Debian: fonts-dejavu-core)")


def pages(folder):
    """Their names and files; the paths in them are relative, so that they are the same everywhere."""
    for name, lock in (("network", "use_lockfile = true"), ("data", ""), ("app", "use_lockfile = true")):
        root_module(folder / "live" / name, name, lock)
    root_module(folder / "moved", "moved", 'dynamodb_table = "locks"')
    (folder / "two-locks.jsonl").write_text(two_locks())
    commands = {"audit": ("audit", "live"), "verify": ("verify", PAUSED),
                "compare": ("compare", "moved", "--unset", "dynamodb_table", "--set", "use_lockfile=true"), "judge": ("judge", "two-locks.jsonl")}
    for name, command in commands.items():
        file = folder / (name + ".html")
        run(LOCKSTORM, *command, "--html", str(file), cwd=folder)
        file.write_text(file.read_text().replace("</head>", STYLE, 1))
        yield name, file


def compared(golden, actual, difference):
    done = subprocess.run(["node", COMPARE, MODULES, golden, actual, difference], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Screenshots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.pages = dict(pages(pathlib.Path(cls.folder.name)))
        cls.browser = open_browser("--hide-scrollbars", "--force-color-profile=srgb", "--font-render-hinting=none", "--disable-lcd-text")
        shutil.rmtree(FAILED, ignore_errors=True)
        FAILED.mkdir(parents=True)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.folder.cleanup()

    def picture(self, page, width, theme, damage="", file=None):
        """Of the page as it opens; `damage` is a script that runs before it is taken."""
        set_width(self.browser, width, HEIGHTS[width])
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
        self.browser.get("about:blank")
        self.browser.get(self.pages[page].as_uri())
        self.assertEqual(self.browser.execute_script("return document.documentElement.dataset.ready"), "1")
        if damage:
            self.browser.execute_script(damage)
        taken = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": False})
        file = file or FAILED / f"{page}-{width}-{theme}.png"
        file.write_bytes(base64.b64decode(taken["data"]))
        return file

    def test_pages_look_as_they_did(self):
        for page in self.pages:
            for width in WIDTHS:
                for theme in THEMES:
                    with self.subTest(page=page, width=width, theme=theme):
                        golden = GOLDENS / f"{page}-{width}-{theme}.png"
                        if RENEW:
                            GOLDENS.mkdir(parents=True, exist_ok=True)
                            self.picture(page, width, theme, file=golden)
                            subprocess.run(["node", SHRINK, MODULES, golden], check=True)
                            continue
                        self.assertTrue(golden.exists(), f"no {golden.name}: scripts/screenshots makes it")
                        taken = self.picture(page, width, theme)
                        answer = compared(golden, taken, taken.with_suffix(".difference.png"))
                        self.assertTrue(answer["same"], f"{answer['why']}; see {FAILED}. If it shall look so: scripts/screenshots")
                        taken.unlink()

    def test_the_same_page_twice_is_the_same_picture(self):
        for page in self.pages:
            first, second = (self.picture(page, 800, "light", file=FAILED / name) for name in ("first.png", "second.png"))
            self.assertEqual(compared(first, second, FAILED / "none.png")["pixels"], 0, page)
            first.unlink()
            second.unlink()

    def test_a_page_that_is_broken_is_noticed(self):
        broken = {
            "no style at all": "for (const style of [...document.querySelectorAll('style')].slice(0, 1)) style.remove()",
            "the other theme": "document.documentElement.dataset.theme = 'dark'",
            "an empty page": "document.querySelector('main').remove()",
            "a script that stopped half way": "document.querySelector('.diagram').replaceChildren()",
            "one operation that is not drawn": "document.querySelector('.op.named').style.visibility = 'hidden'",
            "a mark that is missing": "document.querySelector('.lane .flag').remove()",
            "a word that is another": "document.querySelector('.chip').textContent = 'held'",
            "a bar at another time": "document.querySelector('.op.named').style.marginLeft = '6px'",
            "a finding without its colour": "for (const chip of document.querySelectorAll('.chip.violated')) chip.className = 'chip'",
        }
        for width in WIDTHS:
            whole = self.picture("judge", width, "light", file=FAILED / "whole.png")
            for what, damage in broken.items():
                with self.subTest(broken=what, width=width):
                    damaged = self.picture("judge", width, "light", damage, FAILED / "damaged.png")
                    self.assertFalse(compared(whole, damaged, FAILED / "difference.png")["same"])
        for name in ("whole.png", "damaged.png", "difference.png"):
            (FAILED / name).unlink()

    def test_goldens_are_those_of_the_pages_and_stay_small(self):
        names = {f"{page}-{width}-{theme}.png" for page in self.pages for width in WIDTHS for theme in THEMES}
        self.assertEqual({file.name for file in GOLDENS.iterdir()}, names)
        self.assertLess(sum(file.stat().st_size for file in GOLDENS.iterdir()), MOST_BYTES)

    def test_another_size_is_noticed(self):
        narrow, wide = (self.picture("judge", width, "light", file=FAILED / f"{width}.png") for width in (390, 800))
        self.assertIn("390x800 expected, not 800x800", compared(narrow, wide, FAILED / "none.png")["why"])
        narrow.unlink()
        wide.unlink()


if __name__ == "__main__":
    if RENEW:
        shutil.rmtree(GOLDENS, ignore_errors=True)
    only = ["Screenshots.test_pages_look_as_they_did"] if RENEW else []
    unittest.main(argv=[sys.argv[0], *only], verbosity=2)
