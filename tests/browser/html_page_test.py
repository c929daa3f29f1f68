#!/usr/bin/env python3
"""Opens the pages that `lockstorm --html` writes in headless Chromium and uses them as a reader would.

Usage: html_page_test.py LOCKSTORM. Exit status 77 (skipped) where Chromium, its driver or Selenium is absent.
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
    from selenium.webdriver.chrome.service import Service
except ImportError:
    print("skipped: no Selenium for this Python (Debian: python3-selenium)")
    sys.exit(SKIPPED)
for program, package in (("chromium", "chromium"), ("chromedriver", "chromium-driver")):
    if shutil.which(program) is None:
        print(f"skipped: no {program} (Debian: {package})")
        sys.exit(SKIPPED)

LOCKSTORM = sys.argv.pop(1)
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


if __name__ == "__main__":
    unittest.main(verbosity=2)
