"""Plants escape sequences, line breaks, marks of direction, bytes that are no UTF-8, commands of CI logs and the
markup of every format in file names, configurations, scenarios, histories, certificates, shards, corpora and
baselines, and holds all that the command writes to its format:

- terminal and log: nothing raw but text, newlines and (none here) colours; no line that GitHub or Azure obeys
- annotations: each is one command with its place, title and message, and nothing else begins a line with one
- JSON, SARIF, GitLab, Perfetto, badge: parses, and shows nothing that people would not see; URIs are percent-encoded
- XML: well-formed; HTML: no element of others'; Markdown: no raw HTML, no cell or fence broken out of
- C++: compiles as it stands (looked at as text: comments stay comments, literals stay literals)

    smuggling.py LOCKSTORM"""
import html.parser
import json
import re
import sys
import unicodedata
import xml.etree.ElementTree

import pipeline_files
from command import AUDIT_FORMATS, Failures, Folder

# Each is looked for raw in the output, in its own way; all of them at once make one poison.
ESCAPE = "\x1b]0;own\x07\x1b[2J\x1b[31m"
BIDI = "\u202etxt\u2066\u200f\u061c"
LINES = "\n::error::smuggled\n::set-output name=a::b\r\n##[group]x\n##vso[task.setvariable variable=a]b\u2028::warning::x\x85"
MARKUP = "<img src=x onerror=alert(1)></script><b>|`x`|```` [l](http://e.example) @team &amp; ]]> --> \"quoted\" 'single' *s* \\"
INVALID = "\udcff\udcc0\udcaf\udced\udca0\udc80\udcf4\udc90\udc80\udc80"  # as bytes: 0xFF, overlong, surrogate, beyond
POISONS = {"escape": ESCAPE, "bidi": BIDI, "lines": LINES, "markup": MARKUP, "invalid": INVALID, "c1": "\x9b31m\x85\x90q", "null like": "\x01\x7f\ufffe\uffff\U000e0041",
           "c++": "x\\", "c++ trigraph": "x??/", "c++ quote": "\"); system(\"id", "command first": "::error::x", "all": ESCAPE + BIDI + LINES + MARKUP + "\\"}
failures = Failures()

COMMAND = re.compile(r"^\s*::|##[a-zA-Z]*\[")
FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def raw(text):
    """Characters that people do not see, but for newlines (and tabs, and the selectors of emoji)."""
    return [c for c in text if c not in "\n\t" and (unicodedata.category(c) in FORBIDDEN or ord(c) & 0xFFFE == 0xFFFE)]


def text_of(content, *where):
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        failures.check(False, *where, "is no UTF-8:", error)
        return content.decode("utf-8", "replace")


def check_lines(text, *where):
    failures.check(not raw(text), *where, "raw", [hex(ord(c)) for c in raw(text)][:5], repr(text[:300]))
    for line in text.split("\n"):
        failures.check(not COMMAND.search(line), *where, "a command", repr(line[:200]))


def strings_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


class Elements(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.foreign, self.data, self.in_data = [], "", False

    def handle_starttag(self, tag, attributes):
        self.in_data = tag == "script" and ("id", "data") in attributes
        if tag in ("img", "iframe", "object") or any(name.startswith("on") for name, _ in attributes):
            self.foreign.append((tag, attributes))

    def handle_data(self, data):
        if self.in_data:
            self.data += data
            self.in_data = False


def check_json(text, *where):
    failures.check(not raw(text), *where, "raw", repr(raw(text)[:5]))
    try:
        return json.loads(text)
    except ValueError as error:
        failures.check(False, *where, "is no JSON:", error)
        return {}


def check_sarif(document, *where):
    for text in re.findall(r'"uri": "([^"]*)"', json.dumps(document)):
        failures.check(re.fullmatch(r"(?:file:///)?(?:[A-Za-z0-9\-._~/]|%[0-9A-F]{2})*", text) and not text.startswith("//"), *where, "URI", text)


def check_markdown(text, *where):
    check_lines(text, *where)
    fence = None
    for line in text.split("\n"):
        opening = re.fullmatch(r"(`{4,})text", line)
        if fence is None and opening:
            fence = opening.group(1)
        elif fence is not None:
            if line == fence:
                fence = None
        else:
            bare = re.sub(r"</?(details|summary|code)>", "", line)
            failures.check("<" not in bare and "](" not in bare and "@team" not in bare, *where, repr(line[:300]))
            if line.startswith("|"):
                failures.check(line.count("|") == 5, *where, "cells", repr(line[:300]))
    failures.check(fence is None, *where, "a fence is open")


def check_html(text, *where):
    elements = Elements()
    elements.feed(text)
    failures.check(not elements.foreign, *where, elements.foreign[:3])
    failures.check(not raw(text), *where, "raw", repr(raw(text)[:5]))
    if elements.data:
        for string in strings_of(check_json(elements.data, *where)):
            failures.check(not raw(string), *where, "shows", repr(string[:200]))


def check_cpp(text, *where):
    failures.check(not raw(text), *where, "raw", repr(raw(text)[:5]))
    failures.check(all(ord(c) < 128 for c in text) or "//" in text, *where)
    comments = re.match(r"(?://[^\n]*\n)*", text).group(0)
    failures.check("\\\n" not in comments and "??/\n" not in comments, *where, "a comment goes on")
    code = text[len(comments):]
    failures.check(re.fullmatch(r'#include <gtest/gtest.h>\n\n#include "reports/gtest.hpp"\n\nTEST\(\w+, \w+\) \{\n'
                                r'  EXPECT_TRUE\(lockstorm::reports::survives_replay\(\n      "(?:[^"\\\n]|\\.)*",\n      "(?:[^"\\\n]|\\.)*"\)\);\n\}\n',
                                code), *where, repr(code[:400]))


ANNOTATION = re.compile(r"::(error|warning|notice) (file=[^,:\r\n]+,line=\d+,)?title=[^,:\r\n]+::(?:[^%\r\n]|%(?:25|0D|0A))+")


def check_annotations(text, *where):
    lines = text.split("\n")
    for line in lines:
        failures.check(not line.startswith("::") or ANNOTATION.fullmatch(line), *where, "an annotation", repr(line[:300]))
    check_lines("\n".join(line for line in lines if not line.startswith("::")), *where, "standard output")
    for line in lines:
        failures.check(not raw(line), *where, "raw in an annotation", repr(line[:300]))


def audit(folder, *words):
    """Once with the screen, once with annotations."""
    yield folder.run_in_every_format("audit", *words, formats=AUDIT_FORMATS)
    yield folder.run("audit", *words, "--format", "github")


def check(ended, *where):
    failures.check(not ended.aborted, *where, ended)
    if "github" in ended.words:
        check_annotations(text_of(ended.out, *where), *where)
    else:
        check_lines(text_of(ended.out, *where), *where, "standard output")
    check_lines(text_of(ended.err, *where), *where, "standard error")
    for name, content in ended.files.items():
        text = text_of(content, *where, name)
        here = (*where, name)
        if name.endswith((".json", ".perfetto", ".badge", ".sarif", ".gitlab", ".cert")):
            document = check_json(text, *here)
            if name.endswith(".sarif"):
                check_sarif(document, *here)
        elif name.endswith(".junit"):
            failures.check(not raw(text), *here, repr(raw(text)[:5]))
            try:
                xml.etree.ElementTree.fromstring(text)
            except xml.etree.ElementTree.ParseError as error:
                failures.check(False, *here, "is no XML:", error)
        elif name.endswith(".markdown"):
            check_markdown(text, *here)
        elif name.endswith(".html"):
            check_html(text, *here)
        elif name.endswith(".cpp"):
            check_cpp(text, *here)


def file_name(poison):
    return poison.replace("/", "_").replace("\0", "_")[:60]


def in_names_of_files(lockstorm, name, poison):
    scenario = "backend: {type: local}\nclient: {count: 2, lock: false}\nexpect: {mutual-exclusion: violated}\n"
    here = file_name(poison)
    with Folder(lockstorm) as folder:
        folder.write(here + ".yaml", scenario)
        folder.write("d-" + here + "/x.yaml", scenario)
        folder.write("d-" + here + "/main.tf", 'terraform {\n  backend "s3" {\n  bucket = "b"\n  key = "k"\n  }\n}\n')
        folder.write("d-" + here + "/broken/main.tf", 'terraform {\n  backend "s3" {\n')
        folder.write("e/x.yaml", scenario)
        with_sources = ("--certificate", "out.cert", "--gtest", "tests")
        check(folder.run_in_every_format("verify", here + ".yaml" if not here.startswith("-") else "./" + here + ".yaml", *with_sources), name, "verify name")
        check(folder.run_in_every_format("verify", "d-" + here + "/x.yaml", "e/x.yaml", *with_sources), name, "verify two")
        check(folder.run("verify", "--expect", "d-" + here + "/x.yaml", "e/x.yaml"), name, "expect")
        check(folder.run_in_every_format("hunt", "d-" + here + "/x.yaml", "--runs", "30", "--corpus", "c-" + here), name, "hunt")
        check(folder.run("simulate", "./" + here + ".yaml", "--json", "out.json"), name, "simulate")
        for ended in audit(folder, "d-" + here, "--faults", "none"):
            check(ended, name, "audit")
        check(folder.run("audit", "d-" + here + "/broken"), name, "audit broken")
        check(folder.run("verify", "d-" + here + "/none.yaml"), name, "no such file")
        check(folder.run("verify", "./" + here + ".yaml", "--json", "none/" + here), name, "no such directory")
        certified = folder.run("verify", "./" + here + ".yaml", "--certificate", "c")
        if "c" in certified.files:
            folder.write("c.cert", certified.files["c"])
            check(folder.run("certify", "c.cert"), name, "certify")
        for command in ("verify", "hunt", "judge", "merge", "certify", "replay", "describe", "audit", "simulate"):
            check(folder.run(command, here), name, command, "as a word")
        check(folder.run(here), name, "as a command")
        check(folder.run("--" + here), name, "as an option")


def in_contents(lockstorm, name, poison):
    quoted = json.dumps(poison.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    with Folder(lockstorm) as folder:
        scenarios = {
            "comment.yaml": f"# {poison.replace(chr(10), ' ')}\nbackend: {{type: s3}}\n",
            "type.yaml": f"backend: {{type: {quoted}}}\n",
            "key.yaml": f"backend: {{type: s3, {quoted}: 1}}\n",
            "value.yaml": f"backend: {{type: s3, use_lockfile: {quoted}}}\n",
            "number.yaml": f"backend: {{type: s3}}\nclient: {{count: {quoted}}}\n",
            "command.yaml": f"backend: {{type: s3}}\nclient: {{command: {quoted}}}\n",
            "configuration.yaml": f"configuration: {quoted}\n",
            "raw.yaml": f"backend: {{type: s3, dynamodb_table: {poison}}}\n",
            "raw.key.yaml": f"{poison}: 1\n",
        }
        for file, text in scenarios.items():
            folder.write(file, text)
            check(folder.run_in_every_format("verify", file), name, file)
        configurations = {
            "type": f'terraform {{\n  backend {quoted} {{\n  }}\n}}\n',
            "version": f'terraform {{\n  required_version = {quoted}\n  backend "local" {{\n  }}\n}}\n',
            "value": f'terraform {{\n  backend "s3" {{\n bucket = "b"\n key = {quoted}\n dynamodb_table = "${{{poison}}}"\n  }}\n}}\n',
            "raw": f'terraform {{\n  backend "s3" {{\n {poison}\n  }}\n}}\n',
            "name": f'terraform {{\n  {poison} = 1\n}}\n',
            "label": f'resource "a" {quoted} {{\n}}\nterraform {{\n backend "local" {{\n}}\n}}\n{poison}',
        }
        for file, text in configurations.items():
            folder.write(f"{file}/main.tf", text)
            for ended in audit(folder, file, "--faults", "none"):
                check(ended, name, "tf", file)
            check(folder.run("audit", file, "--set", poison.replace("\0", "")), name, "tf", file, "set")
        folder.write("j/main.tf.json", '{"terraform": {"required_version": %s, "backend": {"local": {}}}}' % quoted)
        for ended in audit(folder, "j", "--faults", "none"):
            check(ended, name, "JSON version")
        folder.write("k/main.tf.json", '{"terraform": {%s: {"local": {}}}}' % quoted)
        for ended in audit(folder, "k"):
            check(ended, name, "JSON key")
        folder.write("l/main.tf.json", '{"terraform": {"backend": {%s: {}}}}' % quoted)
        for ended in audit(folder, "l"):
            check(ended, name, "JSON type")
        histories(folder, name, poison, quoted)
        documents(folder, name, quoted)


def histories(folder, name, poison, quoted):
    event = '{"process": %s, "type": "%s", "f": %s, "key": %s, "value": %s}\n'
    lines = ""
    for process, kind, what, value in ((0, "invoke", "write", quoted), (0, "ok", "write", quoted), (1, "invoke", "write", '"b"'),
                                       (1, "ok", "write", '"b"'), (2, "invoke", "read", "null"), (2, "ok", "read", quoted)):
        lines += event % (process, kind, json.dumps(what), quoted, value)
    files = {
        "h.jsonl": lines,
        "f.jsonl": event % (0, "invoke", quoted, quoted, quoted),
        "r.jsonl": poison + "\n" + lines,
        "p.jsonl": event % (quoted, "invoke", '"read"', "null", "null"),
        "h.edn": f'{{:process 0, :type :invoke, :f :write, :value {quoted}}}\n{{:process 0, :type :ok, :f :write, :value {quoted}}}\n'
                 f'{{:process 1, :type :invoke, :f :read, :value nil}}\n{{:process 1, :type :ok, :f :read, :value "x"}}\n',
        "k.edn": f"{{:process 0, :type :invoke, :{poison} 1, :f :write}}\n",
        "h.log": f"INFO  jepsen.util - 0\t:invoke\t:write\t{poison}\n",
    }
    for file, text in files.items():
        folder.write(file, text)
        check(folder.run("judge", file, "--json", "out.json", "--html", "out.html"), name, "judge", file)
        check(folder.run("judge", file, "--model", "register", "--json", "out.json", "--html", "out.html"), name, "judge", file, "register")
    check(folder.run("judge", "h.jsonl", "--initial", poison.replace("\0", "")), name, "initial")


def documents(folder, name, quoted):
    certificate = folder.run("verify", "s3/lockfile/terraform/no-faults", "--certificate", "c").files["c"].decode()
    document = json.loads(certificate)
    for field in ("scenario", "bounds", "fingerprint", "reachable_set"):
        changed = json.loads(certificate)
        changed["scenarios"][0][field] = json.loads(quoted)
        folder.write("c.cert", json.dumps(changed))
        check(folder.run("certify", "c.cert"), name, "certificate", field)
    document["scenarios"][0]["properties"] = {json.loads(quoted): json.loads(quoted)}
    folder.write("c.cert", json.dumps(document))
    check(folder.run("certify", "c.cert"), name, "certificate properties")
    document["lockstorm"] = json.loads(quoted)
    folder.write("c.cert", json.dumps(document))
    check(folder.run("certify", "c.cert"), name, "certificate version")
    part = folder.run("hunt", "s3/unlocked", "--runs", "40", "--shard", "1/2", "--json", "p.json").files.get("p.json", b"{}").decode()
    for path in (("scenario",), ("lockstorm",), ("hunt", "found", 0, "strategy"), ("hunt", "found", 0, "drawn"),
                 ("counterexamples", 0, "property"), ("counterexamples", 0, "replay")):
        changed = json.loads(part)
        at = changed
        try:
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = json.loads(quoted)
        except (KeyError, IndexError):
            continue
        folder.write("p.json", json.dumps(changed))
        check(folder.run("merge", "p.json", "--json", "out.json", "--markdown", "out.markdown", "--sarif", "out.sarif", "--junit", "out.junit"),
              name, "merge", path)
    folder.write("r.txt", "LS1-" + json.loads(quoted).replace("\n", " "))
    check(folder.run("replay", "r.txt"), name, "replay")
    folder.write("b.json", json.dumps({"label": json.loads(quoted), "series": [{"name": json.loads(quoted), "better": json.loads(quoted), "samples": [1]}]}))
    check(folder.run("bench", "--repetitions", "1", "--baseline", "b.json", "--filter", "^nothing$"), name, "bench baseline")
    check(folder.run("bench", "--repetitions", "1", "--history", "b.json", "--filter", "^nothing$"), name, "bench history")


def in_pipelines(lockstorm, name, poison):
    for file, text in pipeline_files.poisoned(poison.replace("\0", "")).items():
        with Folder(lockstorm) as folder:
            folder.write("infra/main.tf", pipeline_files.STATE)
            folder.write(file, text)
            check(folder.run("pipeline", ".", "--json", "out.json", "--html", "out.html"), name, "pipeline", file)
            check(folder.run("pipeline", file, "--explain-key"), name, "pipeline --explain-key", file)
            check(folder.run("audit", ".", "--faults", "none", "--details"), name, "audit --details", file)
            for ended in audit(folder, ".", "--faults", "none"):
                check(ended, name, "audit", file)


def recordings(lockstorm, name, poison):
    quoted = json.dumps(poison.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    with Folder(lockstorm) as folder:
        for file, text in {"a.jsonl": f'{{"lockstorm": {quoted}}}\n', "b.jsonl": poison + "\n",
                           "c.jsonl": f'{{"lockstorm": "recording", "version": 1, "service": {quoted}}}\n{{"n": {quoted}}}\n'}.items():
            folder.write(file, text)
            check(folder.run("accept", file, "--json", "out.json"), name, "accept", file)
        word = poison.replace("\0", "")
        for words in (["probe", word], ["probe", "http://" + word], ["serve", word], ["confirm", word], ["record", word], ["pipeline", word]):
            check(folder.run(*words), name, words[0])


def main(lockstorm):
    for name, poison in POISONS.items():
        in_pipelines(lockstorm, name, poison)
        recordings(lockstorm, name, poison)
        in_names_of_files(lockstorm, name, poison)
        in_contents(lockstorm, name, poison)
    return failures.end(f"{len(POISONS)} poisons")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
