"""The pages that browser tests open, and the browser that they open them in."""
import json
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77
WIDTHS = (1400, 800, 390)
PAUSED = "audit/terraform/s3+dynamodb/jobs=2/pause,operator=unresponsive"
BLOCK = """terraform {
  backend "s3" {
    bucket = "b"
    key    = "%s"
    region = "eu-central-1"
    %s
  }
}
"""

try:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
except ImportError:
    print("skipped: no Selenium for this Python (Debian: python3-selenium)")
    sys.exit(SKIPPED)
for program, package in (("chromium", "chromium"), ("chromedriver", "chromium-driver")):
    if shutil.which(program) is None:
        print(f"skipped: no {program} (Debian: {package})")
        sys.exit(SKIPPED)


def run(program, *arguments, cwd=None):
    """Runs Lockstorm; a violated property is no failure here."""
    done = subprocess.run([program, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 2), done.stderr
    return done.stdout


def root_module(folder, key, lock):
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text(BLOCK % (key, lock))


def event(process, kind, function, key, value, time):
    return json.dumps({"process": process, "type": kind, "f": function, "key": key, "value": value, "time_ns": time}) + "\n"


def two_locks():
    """A lock that two hold at once, one whose holder dies, a release that fails and an acquire of which nobody hears again."""
    told = ((0, "invoke", "acquire", "prod", {"id": "a"}), (1, "invoke", "acquire", "test", {"id": "t1"}), (0, "ok", "acquire", "prod", {"id": "a"}),
            (2, "invoke", "acquire", "prod", {"id": "b"}), (1, "ok", "acquire", "test", {"id": "t1"}), (2, "fail", "acquire", "prod", {"id": "a"}),
            (3, "invoke", "acquire", "test", {"id": "t2"}), (2, "invoke", "acquire", "prod", {"id": "c"}), (2, "ok", "acquire", "prod", {"id": "c"}),
            (1, "invoke", "crash", "test", None), (3, "unknown", "acquire", "test", None), (0, "invoke", "release", "prod", {"id": "a"}),
            (0, "ok", "release", "prod", {"id": "a"}), (2, "invoke", "release", "prod", {"id": "c"}), (2, "fail", "release", "prod", None),
            (2, "invoke", "release", "prod", {"id": "c"}), (2, "ok", "release", "prod", {"id": "c"}))
    return "".join(event(*one, 40_000_000 + 170_000_000 * i) for i, one in enumerate(told))


def hundred_thousand():
    """Reads and writes of a register, one read of which shows what nobody wrote."""
    lines = []
    for i in range(50_000):
        begin = 3_000_000 * i
        shown = 10**9 if i == 30_000 else i
        lines += [event(0, "invoke", "write", "x", i, begin), event(0, "ok", "write", "x", i, begin + 900_000),
                  event(1 + i % 3, "invoke", "read", "x", None, begin + 1_000_000), event(1 + i % 3, "ok", "read", "x", shown, begin + 2_100_000)]
    return "".join(lines)


def open_browser(*flags):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1500,1100", *flags):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)


def set_width(browser, width, height=1000):
    """Reads as on a screen of that many pixels."""
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
