#!/usr/bin/env python3
"""Opens the pages that `lockstorm --html` writes in headless Chromium and uses them as a reader would.

Usage: html_page_test.py LOCKSTORM AXE. AXE is axe-core's script, which scripts/schemas brings; where it is not there, what it checks is skipped. Exit status 77 (skipped) where Chromium, its driver or Selenium is absent.
"""
import json
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

from pages import PAUSED, WIDTHS, hundred_thousand, open_browser, root_module, run, set_width, two_locks
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

LOCKSTORM = sys.argv.pop(1)
AXE = pathlib.Path(sys.argv.pop(1))


def lockstorm(*arguments):
    return run(LOCKSTORM, *arguments)


WORKFLOW = """on: {push: {branches: [main]}, pull_request: {}}
jobs:
  apply:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    steps: [{run: terraform -chdir=infra apply -auto-approve}]
  check:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    steps: [{run: terraform -chdir=infra plan}]
"""


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
            root_module(folder / "live" / name, name, lock)
        lockstorm("audit", str(folder / "live" / "app"), "--html", str(cls.audit))
        lockstorm("audit", str(folder / "live"), "--html", str(cls.audits))
        cls.pipeline, cls.piped = folder / "pipeline.html", folder / "piped.html"
        root_module(folder / "ci" / "infra", "infra", "")
        (folder / "ci" / ".github" / "workflows").mkdir(parents=True)
        (folder / "ci" / ".github" / "workflows" / "a.yml").write_text(WORKFLOW)
        lockstorm("pipeline", str(folder / "ci"), "--html", str(cls.pipeline))
        lockstorm("audit", str(folder / "ci"), "--faults", "none", "--html", str(cls.piped))
        cls.compared = folder / "compared.html"
        root_module(folder / "moved", "moved", 'dynamodb_table = "locks"')
        lockstorm("compare", str(folder / "moved"), "--unset", "dynamodb_table", "--set", "use_lockfile=true", "--html", str(cls.compared))
        cls.judged, cls.large, cls.several = (folder / name for name in ("judged.html", "large.html", "several.html"))
        (folder / "two-locks.jsonl").write_text(two_locks())
        (folder / "large.jsonl").write_text(hundred_thousand())
        (folder / "untimed.edn").write_text("{:process 0 :type :invoke :f :read :value nil}\n{:process 0 :type :ok :f :read :value 3}\n")
        lockstorm("judge", str(folder / "two-locks.jsonl"), "--html", str(cls.judged))
        lockstorm("judge", str(folder / "large.jsonl"), "--html", str(cls.large))
        lockstorm("judge", str(folder / "untimed.edn"), str(folder / "two-locks.jsonl"), "--html", str(cls.several))
        cls.confirmed = folder / "confirmed.html"
        if shutil.which("terraform") and shutil.which("curl"):
            lockstorm("confirm", "matrix/http/terraform/no-lost-update", "--html", str(cls.confirmed))
        cls.browser = open_browser()

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

    def confirmations(self):
        return [self.confirmed] if self.confirmed.exists() else []

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
        set_width(self.browser, width)
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

    def test_a_pipeline_says_which_two_can_be_at_a_state_at_once(self):
        self.open(self.pipeline)
        cells = self.all(".state td.c button")
        self.assertEqual([cell.text for cell in cells], ["at once", "one reads", "one reads", "one reads"])
        cells[0].click()
        self.assertIn("can be under way at once: one has nothing", self.find(".state [role=status]").text)
        self.assertIn("LS-CI-P01", self.find("#pipeline").text)
        self.open(self.piped)
        self.assertIn("On s3 that means LS-S3-300 (critical)", self.find("#pipeline").text)

    def test_a_comparison_tells_what_comes_and_which_ways_are_safe(self):
        self.open(self.compared)
        changes = self.script("return [...document.querySelectorAll('#overview > .card > .findings > .finding')].map(e => e.dataset.change)")
        self.assertIn("goes", changes)
        ways = self.script("return [...document.querySelectorAll('#overview .verdicts.wide li .chip')].map(e => e.textContent)")
        self.assertIn("unsafe", ways)
        self.script("document.querySelector('#overview .verdicts.wide button').click()")
        self.assertGreater(len(self.all("#viewer svg, #viewer table")), 0)

    def test_fits_screens_of_all_widths(self):
        for page in (self.audit, self.audits, self.pipeline, self.piped, self.compared, self.verify, self.matrix, self.judged, self.large, self.several, *self.confirmations()):
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

    def op(self, words):
        """The bar of the operation whose description begins so."""
        return next(bar for bar in self.all("button.op") if bar.get_attribute("aria-label").startswith(words))

    def left(self, element):
        return self.script("return arguments[0].getBoundingClientRect().left", element)

    def wide_of(self, element):
        return self.script("return arguments[0].getBoundingClientRect().width", element)

    def test_a_history_is_drawn_to_scale(self):
        self.open(self.judged)
        self.assertEqual([lane.text for lane in self.all(".lane:not(.of-lock) > b")], [f"process {i}" for i in range(4)])
        first, second = self.op("process 0: acquire"), self.op("process 2: acquire")
        # 340 and 510 ms after the first, lasting 340 and 340 ms.
        self.assertAlmostEqual((self.left(second) - self.left(first)) / self.wide_of(first), 510 / 340, delta=0.02)
        ticks = {tick.text: self.left(tick) for tick in self.all(".axis .tick")}
        self.assertIn("1\u202fs", ticks)
        self.assertAlmostEqual((ticks["1\u202fs"] - self.left(first)) / self.wide_of(first), 1000 / 340, delta=0.05)
        self.find("[data-act=order]").click()
        first, second = self.op("process 0: acquire"), self.op("process 2: acquire")
        self.assertAlmostEqual((self.left(second) - self.left(first)) / self.wide_of(first), 3 / 2, delta=0.02)

    def test_holds_are_bands_and_the_clash_is_marked(self):
        self.open(self.judged)
        self.assertEqual([band.text for band in self.all(".lane.of-lock .band")], ["✗ process 0", "✗ process 2", "process 1"])
        self.assertEqual(len(self.all(".lane .clash")), 1)
        clash, second = self.find(".lane .clash"), self.all(".lane.of-lock .band")[1]
        self.assertAlmostEqual(self.left(clash), self.left(second), delta=1)

    def test_outcomes_differ_in_more_than_colour(self):
        self.open(self.judged)
        def style(bar, name):
            return self.script("return getComputedStyle(arguments[0])[arguments[1]]", bar, name)
        named, failed = self.op("process 0: acquire"), self.op('process 2: release "prod" {id "c"}, failed')
        unknown, plain = self.op("process 3: acquire"), self.op("process 0: release")
        self.assertEqual([style(bar, "borderTopStyle") for bar in (plain, failed)], ["solid", "dashed"])
        self.assertIn("failed: ", failed.text)
        self.assertEqual(style(unknown, "borderRightStyle"), "dotted")
        self.assertEqual(len(self.all(".tail")), 1)
        self.assertTrue(named.text.startswith("✗"))
        self.assertGreater(float(style(named, "borderTopWidth")[:-2]), float(style(plain, "borderTopWidth")[:-2]))
        self.assertEqual(len(self.all(".lane .flag")), 2)
        self.assertIn("process 1 crashes", self.find(".lane .crashed").get_attribute("aria-label"))

    def test_findings_are_explained_beside_the_diagram(self):
        self.open(self.judged)
        found = self.find(".found").text
        for words in ("✗ overlapping-holders", "Expected: The second process is refused, or waits", "process 0", "lines 1 to 3", "process 2", "lines 8 to 9"):
            self.assertIn(words, found)
        self.all(".found button")[1].click()
        self.assertEqual(self.browser.switch_to.active_element.get_attribute("data-op"), self.op('process 2: acquire "prod" {id "c"}').get_attribute("data-op"))
        self.assertIn("✗ violates", self.find(".told").text)
        self.assertIn("answered", self.find(".told").text)

    def test_a_history_is_walked_with_keys(self):
        self.open(self.judged)
        self.assertEqual(len(self.all("button.op[tabindex='0']")), 1)
        self.script("arguments[0].focus()", self.find("button.op[tabindex='0']"))
        def now():
            return self.browser.switch_to.active_element.get_attribute("aria-label")
        def key(*keys):
            self.browser.switch_to.active_element.send_keys(*keys)
            return now()
        self.assertTrue(now().startswith("process 0: acquire"))
        self.assertTrue(key(Keys.ARROW_RIGHT).startswith("process 0: release"))
        self.assertTrue(key(Keys.ARROW_DOWN).startswith("process 1: acquire"))
        self.assertTrue(key(Keys.ARROW_DOWN).startswith("process 2: acquire"))
        self.assertIn("line", self.find(".told").text)
        self.assertIn("release", key(Keys.END))
        self.assertIn('{id "b"}', key(Keys.HOME))
        self.assertIn('{id "c"}', key("v"))
        self.assertTrue(key("v").startswith("process 0: acquire"))
        before = self.wide_of(self.op("process 0: acquire"))
        key("+")
        self.assertGreater(self.wide_of(self.op("process 0: acquire")), before * 1.4)
        self.assertTrue(now().startswith("process 0: acquire"))

    def test_pointing_at_an_operation_tells_of_it(self):
        self.open(self.judged)
        bar = self.op("process 3: acquire")
        self.script("arguments[0].dispatchEvent(new MouseEvent('mouseover', {bubbles: true}))", bar)
        self.assertIn("it may have taken effect at any later time", self.find(".told").text)

    def test_a_history_of_a_hundred_thousand_operations_stays_usable(self):
        start = time.monotonic()
        self.open(self.large)
        opened = time.monotonic() - start
        self.assertIn("of 100\u202f000 operations are drawn", self.find(".left-out").text)
        self.assertEqual(len(self.all(".axis .gap")), 2)
        self.assertIn("operations left out", self.find(".axis .gap").text)
        shown = int(self.find(".left-out b").text.split(" of ")[0].replace("\u202f", ""))
        self.assertEqual(len(self.all("button.op[data-op]")), shown)
        named = self.find("button.op.named")
        box = self.find(".history")
        self.assertGreaterEqual(self.left(named), self.left(box))
        self.assertLess(self.left(named), self.left(box) + self.wide_of(box))
        start = time.monotonic()
        self.script("arguments[0].focus()", named)
        for _ in range(20):
            self.browser.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
        moved = (time.monotonic() - start) / 20
        print(f"100 000 operations: opened in {opened:.2f} s, {moved * 1000:.0f} ms a key")
        self.assertLess(opened, 4)
        self.assertLess(moved, 0.5)

    def test_of_several_histories_the_violated_one_is_open(self):
        self.open(self.several)
        lines = self.all("details.line")
        self.assertEqual([line.get_attribute("open") for line in lines], [None, "true"])
        lines[0].find_element(By.TAG_NAME, "summary").click()
        WebDriverWait(self.browser, 5).until(lambda _: lines[0].find_elements(By.CSS_SELECTOR, "button.op"))
        self.assertIn("have no times", lines[0].text)

    def test_a_confirmation_has_its_steps_and_its_requests(self):
        if not self.confirmed.exists():
            self.skipTest("no terraform, or no curl")
        self.open(self.confirmed)
        rows = self.all(".steps tbody tr")
        self.assertGreater(len(rows), 5)
        self.assertTrue(all(row.find_elements(By.CSS_SELECTOR, "td")[2].text for row in rows))
        self.assertEqual(self.find(".chip").text, "confirmed")
        stored = [row.text for row in self.all(".facts")[:1]]
        self.assertIn("in the end", stored[0])
        request = self.all(".requests details")[0]
        request.find_element(By.CSS_SELECTOR, "summary").click()
        self.assertIn('"takes_effect"', request.text)

    def test_the_diagram_scrolls_inside_its_box_on_a_phone(self):
        self.wide(390)
        self.open(self.judged)
        self.assertGreater(self.script("const box = document.querySelector('.history'); return box.scrollWidth - box.clientWidth"), 50)
        self.assertEqual(self.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"), 0)

    def test_a_history_on_paper_is_as_wide_as_the_sheet(self):
        self.open(self.several)
        self.find("[data-act=in]").click()
        self.script("dispatchEvent(new Event('beforeprint'))")
        for lanes in self.all(".lanes"):
            self.assertLess(self.wide_of(lanes), 1400)
        self.assertEqual(len(self.all(".lanes")), 2)
        self.script("dispatchEvent(new Event('afterprint'))")
        self.browser.execute_cdp_cmd("Page.printToPDF", {})

    def test_has_no_barriers(self):
        if not AXE.exists():
            self.skipTest(f"no {AXE}: scripts/schemas brings it")
        for page in (self.audit, self.audits, self.pipeline, self.piped, self.compared, self.verify, self.matrix, self.judged, self.several, *self.confirmations()):
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
