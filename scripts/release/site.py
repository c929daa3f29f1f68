"""Renders build/site/pages by mkdocs and checks every link of what comes out: site.py SITE."""
import html.parser
import pathlib
import re
import subprocess
import sys
import urllib.parse

site = pathlib.Path(sys.argv[1])
pages, out = site / "pages", site / "html"
START = [("Start", "README.md"), ("Install", "docs/install.md"), ("Tutorial", "docs/tutorial.md"), ("Adopt", "docs/adopt.md")]
ANSWERS = [("Matrix", "docs/matrix.md"), ("Rules", "docs/rules/README.md"), ("Confirmed on the real tools", "docs/confirmed.md"), ("Gallery", "gallery/README.md"),
           ("Benchmarks", "docs/benchmarks.md"), ("Benchmarks over time", "docs/trend.md")]


def title(page):
    return next(line[2:].strip() for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("# "))


def configuration():
    chosen = {path for _, path in START + ANSWERS}
    rest = sorted(path.relative_to(pages).as_posix() for path in (pages / "docs").glob("*.md"))
    lines = ["site_name: Lockstorm", "docs_dir: pages", "site_dir: html", "use_directory_urls: false", "plugins: []", "nav:"]
    for head, entries in (("Start", START), ("Answers", ANSWERS), ("Pages", [(title(pages / path), path) for path in rest if path not in chosen])):
        lines += [f"  - {head}:"] + [f"    - {name!r}: {path}" for name, path in entries]
    # Nothing is fetched: no fonts, no scripts of others.
    lines += ["theme: {name: mkdocs, highlightjs: false, analytics: {}, nav_style: light}",
              "markdown_extensions:", "  - tables", "  - fenced_code", "  - sane_lists", "  - toc:", "      slugify: !!python/name:github_slugs.slug"]
    return "\n".join(lines) + "\n"


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.targets, self.anchors = [], set()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            if name in ("href", "src") and value and tag != "base":
                self.targets.append((tag, value))


def read(page):
    links = Links()
    links.feed(page.read_text(encoding="utf-8"))
    return links


def broken():
    read_pages = {page.resolve(): read(page) for page in out.rglob("*.html")}
    for page, links in read_pages.items():
        written = "gallery" in page.parent.name or page.name == "bench.html"  # by the command, which its own tests hold
        for tag, target in links.targets:
            url = urllib.parse.urlsplit(target)
            if url.scheme or url.netloc:
                if tag in ("link", "script", "img") and url.scheme not in ("data",) and not (tag == "link" and "canonical" in target):
                    yield page, target, "is fetched from elsewhere"
                continue
            file = (page.parent / urllib.parse.unquote(url.path)).resolve() if url.path else page
            if not (file.is_file() or (tag == "a" and file.is_dir())):
                yield page, target, "is not there"
            elif url.fragment and file in read_pages and not written and urllib.parse.unquote(url.fragment) not in read_pages[file].anchors:
                yield page, target, "has no such heading"


(site / "mkdocs.yml").write_text(configuration(), encoding="utf-8")
subprocess.run(["mkdocs", "build", "--quiet", "--config-file", str(site / "mkdocs.yml")], check=True)
(out / "404.html").unlink()  # for servers, from whose root its links go
for page in out.rglob("*.html"):  # the way home is a folder, which a browser lists when it has no server
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r'href="((?:\.\./)*\.{1,2})"', r'href="\1/index.html"', text), encoding="utf-8")
found = list(broken())
for page, target, why in found:
    print(f"{page.relative_to(out.resolve())}: {target} {why}", file=sys.stderr)
if found:
    sys.exit(1)
print(f"site: {sum(1 for _ in out.rglob('*.html'))} pages in {out}, every link leads somewhere")
