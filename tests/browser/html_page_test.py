#!/usr/bin/env python3
"""Opens the pages that `lockstorm --html` writes in headless Chromium and uses them as a reader would.

Usage: html_page_test.py LOCKSTORM AXE. AXE is axe-core's script, which scripts/schemas brings; where it is not there, what it checks is skipped. Exit status 77 (skipped) where Chromium, its driver or Selenium is absent.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

SKIPPED = 77
try:
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait
    from selenium.webdriver.chrome.service import Service
except ImportError:
    print("skipped: no Selenium for this Python (Debian: python3-selenium)")
    sys.exit(SKIPPED)
for program, package in (("chromium", "chromium"), ("chromedriver", "chromium-driver")):
    if shutil.which(program) is None:
        print(f"skipped: no {program} (Debian: {package})")
        sys.exit(SKIPPED)

LOCKSTORM = sys.argv.pop(1)
AXE = pathlib.Path(sys.argv.pop(1))
WIDTHS = (1400, 800, 390)
BLOCK = """terraform {
  backend "s3" {
    bucket = "b"
    key    = "%s"
    region = "eu-central-1"
    %s
  }
}
"""
PAUSED = "audit/terraform/s3+dynamodb/jobs=2/pause,operator=unresponsive"


def lockstorm(*arguments):
    """Runs it; a violated property is no failure here."""
    done = subprocess.run([LOCKSTORM, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 2), done.stderr
    return done.stdout


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.folder.name)
        cls.verify, cls.matrix, cls.long = (folder / name for name in ("verify.html", "matrix.html", "long.html"))
        lockstorm("verify", PAUSED, "--html", str(cls.verify))
        lockstorm("matrix", "--backend", "inmem", "--html", str(cls.matrix))
        run = json.loads(lockstorm("simulate", "crowds/forty-jobs-dynamodb", "--json", "-"))
        lockstorm("replay", run["replay"], "--html", str(cls.long))
        cls.audit, cls.audits = folder / "audit.html", folder / "audits.html"
        for name, lock in (("network", "use_lockfile = true"), ("data", ""), ("app", "use_lockfile = true")):
            (folder / "live" / name).mkdir(parents=True)
            (folder / "live" / name / "main.tf").write_text(BLOCK % (name, lock))
        lockstorm("audit", str(folder / "live" / "app"), "--html", str(cls.audit))
        lockstorm("audit", str(folder / "live"), "--html", str(cls.audits))
        cls.compared = folder / "compared.html"
        (folder / "moved").mkdir()
        (folder / "moved" / "main.tf").write_text(BLOCK % ("moved", 'dynamodb_table = "locks"'))
        lockstorm("compare", str(folder / "moved"), "--unset", "dynamodb_table", "--set", "use_lockfile=true", "--html", str(cls.compared))
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1500,1100"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        cls.browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.folder.cleanup()

    def open(self, page, fragment=""):
        self.browser.get("about:blank")
        self.browser.get(page.as_uri() + fragment)
        self.assertEqual(self.script("return document.documentElement.dataset.ready"), "1")

    def tearDown(self):
        self.assertEqual(self.browser.get_log("browser"), [], "errors on the console")

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def find(self, css):
        return self.browser.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.browser.find_elements(By.CSS_SELECTOR, css)

    def press(self, *keys):
        self.find("body").send_keys(*keys)

    def place(self):
        return self.find("#place").text

    def test_shows_verdicts_and_the_first_counterexample(self):
        self.open(self.verify)
        self.assertIn("violated", self.find("#overview").text)
        self.assertIn("client-1 freezes", self.find("#why").text)
        self.assertGreater(len(self.all("#diagram svg .call")), 5)
        self.assertGreater(len(self.all("#diagram svg .belief")), 1)
        self.assertGreater(len(self.all("#diagram svg .lock")), 1)

    def test_steps_with_keys_and_buttons(self):
        self.open(self.verify)
        self.assertEqual(self.place(), "beginning of 27 steps")
        self.press(Keys.ARROW_RIGHT)
        first = self.place()
        self.press(Keys.ARROW_RIGHT)
        self.assertNotEqual(self.place(), first)
        self.press(Keys.ARROW_LEFT)
        self.assertEqual(self.place(), first)
        self.find("#next").click()
        self.assertNotEqual(self.place(), first)
        self.press(Keys.END)
        self.assertEqual(self.place(), "step 27 of 27")
        self.assertIn("believe to hold it: client-1, client-2 (both at once)", self.find("#panel").text)
        self.assertEqual(self.find("[aria-current=step]").get_attribute("data-step"), "27")
        self.assertFalse(self.find("#next").is_enabled())
        self.press(Keys.HOME)
        self.assertEqual(self.place(), "beginning of 27 steps")
        self.press("d")
        self.assertEqual(self.place(), "step 27 of 27")

    def test_rows_are_buttons_for_the_keyboard(self):
        self.open(self.verify)
        rows = self.all("#diagram .row")
        self.script("arguments[0].focus()", rows[3])
        self.browser.switch_to.active_element.send_keys(Keys.ENTER)
        self.assertEqual(self.place(), f"step {rows[3].get_attribute('data-step')} of 27")

    def test_shows_contents_before_and_after(self):
        self.open(self.verify, "#run=0&step=9")
        contents = self.find("#contents")
        self.assertEqual(contents.find_element(By.TAG_NAME, "del").text, "no lock")
        self.assertEqual(contents.find_element(By.TAG_NAME, "ins").text, "client-1's lock")

    def test_filters_steps(self):
        self.open(self.verify)
        relevant = len(self.all("#diagram .row"))
        self.press("f")
        self.assertEqual(len(self.all("#diagram .row")), 27)
        self.assertLess(relevant, 27)
        self.find("#all").click()
        self.assertEqual(len(self.all("#diagram .row")), relevant)

    def test_shows_the_fork_of_a_lost_update(self):
        self.open(self.verify)
        run = next(b for b in self.all("button.open") if "62 steps" in b.text)
        run.click()
        self.assertIn("never read it", self.find("#viewer h2").text)
        self.assertIn("overwrites 1", self.find("#diagram svg").get_attribute("textContent"))
        self.press(Keys.END)
        self.assertIn("which its writer had not read", self.find("#panel").text)

    def test_zooms_and_changes_theme(self):
        self.open(self.verify)
        size = self.script("return document.querySelector('#diagram svg').getBoundingClientRect().height")
        self.press("+")
        self.assertGreater(self.script("return document.querySelector('#diagram svg').getBoundingClientRect().height"), size)
        theme = self.script("return document.documentElement.dataset.theme")
        self.find("#theme").click()
        self.assertNotEqual(self.script("return document.documentElement.dataset.theme"), theme)

    def test_matrix_filters_and_drills_down(self):
        self.open(self.matrix)
        rows = [row for row in self.all(".matrix tbody tr") if row.is_displayed()]
        self.assertEqual(len(rows), 2)
        self.find("#search").send_keys("nothing of the kind")
        self.assertEqual([row for row in self.all(".matrix tbody tr") if row.is_displayed()], [])
        self.find("#search").clear()
        self.find("#search").send_keys("in")
        cell = self.find(".matrix button.violated")
        cell.click()
        self.assertTrue(self.find("#viewer").is_displayed())
        self.assertEqual(cell.get_attribute("aria-pressed"), "true")
        self.press(Keys.END)
        self.assertIn("violated", self.find("#panel").text + self.find("#cell").text)
        self.find(".matrix button.held").click()
        self.assertFalse(self.find("#viewer").is_displayed())
        self.assertIn("configurations of this row", self.find("#cell").text)

    def test_stays_usable_with_hundreds_of_steps(self):
        start = time.monotonic()
        self.open(self.long)
        opened = time.monotonic() - start
        steps = int(self.place().split()[2])
        self.assertGreaterEqual(steps, 500)
        start = time.monotonic()
        self.press("f")
        self.press(*[Keys.ARROW_RIGHT] * 20)
        stepped = (time.monotonic() - start) / 21
        self.assertEqual(self.place(), f"step 20 of {steps}")
        print(f"{steps} steps: opened in {opened:.2f} s, {stepped * 1000:.0f} ms a key")
        self.assertLess(opened, 3)
        self.assertLess(stepped, 1)

    def wide(self, width):
        """Reads as on a screen of that many pixels."""
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                     {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 500})
        self.addCleanup(self.browser.execute_cdp_cmd, "Emulation.clearDeviceMetricsOverride", {})

    def test_audit_begins_with_the_worst(self):
        self.open(self.audit)
        self.assertFalse(self.find("#viewer").is_displayed())
        grades = [item.get_attribute("data-grade") for item in self.all(".finding")]
        order = ["critical", "high", "medium", "low", "info", "inherent"]
        self.assertEqual(grades, sorted(grades, key=order.index))
        self.assertIn("medium", grades)
        self.find(".finding button.open").click()
        self.assertTrue(self.find("#viewer").is_displayed())
        self.assertIn("never read it", self.find("#viewer h2").text)

    def test_rules_are_explained(self):
        self.open(self.audit)
        link = self.find("a.rule")
        self.assertIn("no-lost-update on s3: late request", link.get_attribute("title"))
        link.click()
        self.assertIn("late request", self.script("return document.querySelector(':target').textContent"))

    def test_many_set_ups_are_a_line_each(self):
        self.open(self.audits)
        self.assertIn("3 states, 2 set-ups", self.find("#overview h2").text)
        self.assertEqual([line.find_element(By.CSS_SELECTOR, ".chip").text for line in self.all(".line")], ["critical", "medium"])
        self.find("#search").send_keys("network")
        self.assertEqual(len([line for line in self.all(".line") if line.is_displayed()]), 1)
        self.assertEqual(self.find("#shown").text, "1 of 2 set-ups")
        self.find("#search").clear()
        self.find("button.grade[data-grade=critical]").click()
        shown = [line for line in self.all(".line") if line.is_displayed()]
        self.assertEqual(len(shown), 1)
        shown[0].find_element(By.TAG_NAME, "summary").click()
        WebDriverWait(self.browser, 5).until(lambda _: shown[0].find_elements(By.CSS_SELECTOR, ".finding"))
        self.assertIn("LS-S3-300", shown[0].text)

    def test_a_comparison_tells_what_comes_and_which_ways_are_safe(self):
        self.open(self.compared)
        changes = self.script("return [...document.querySelectorAll('#overview > .card > .findings > .finding')].map(e => e.dataset.change)")
        self.assertIn("goes", changes)
        ways = self.script("return [...document.querySelectorAll('#overview .verdicts.wide li .chip')].map(e => e.textContent)")
        self.assertIn("unsafe", ways)
        self.script("document.querySelector('#overview .verdicts.wide button').click()")
        self.assertGreater(len(self.all("#viewer svg, #viewer table")), 0)

    def test_fits_screens_of_all_widths(self):
        for page in (self.audit, self.audits, self.compared, self.verify, self.matrix):
            for width in WIDTHS:
                with self.subTest(page=page.name, width=width):
                    self.wide(width)
                    self.open(page)
                    for line in self.all("details.line"):
                        self.script("arguments[0].open = true", line)
                    self.assertEqual(self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"), 0)
                    # A text that is squeezed has a letter or a word a line.
                    squeezed = self.script(
                        "return [...document.querySelectorAll('#overview p, #overview li, #overview li > span, .chip')]"
                        ".filter(e => e.offsetParent && e.textContent.length > 12 && e.clientWidth > 0 && e.getBoundingClientRect().width < 60)"
                        ".map(e => e.textContent)")
                    self.assertEqual(squeezed, [])
                    wrapped = self.script("return [...document.querySelectorAll('.chip')].filter(e => e.offsetParent && e.getBoundingClientRect().height > 30).map(e => e.textContent)")
                    self.assertEqual(wrapped, [])

    def test_paper_has_every_counterexample(self):
        self.open(self.audit)
        shown = len(self.all(".finding"))
        self.browser.execute_cdp_cmd("Page.printToPDF", {})
        articles = self.script("return [...document.querySelectorAll('#paper article')].map(e => e.querySelectorAll('tbody tr').length)")
        self.assertEqual(len(articles), shown)
        self.assertGreater(min(articles), 1)

    def test_has_no_barriers(self):
        if not AXE.exists():
            self.skipTest(f"no {AXE}: scripts/schemas brings it")
        for page in (self.audit, self.audits, self.compared, self.verify, self.matrix):
            for theme in ("light", "dark"):
                with self.subTest(page=page.name, theme=theme):
                    self.open(page)
                    self.script(f"document.documentElement.dataset.theme = '{theme}'")
                    for line in self.all("details.line"):
                        self.script("arguments[0].open = true", line)
                    self.script(AXE.read_text())
                    found = self.browser.execute_async_script(
                        "axe.run().then(found => arguments[0](found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).slice(0, 3).join(' | '))))")
                    self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
