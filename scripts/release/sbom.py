"""The bill of materials of a release, SPDX 2.3 as JSON: sbom.py LIBRARIES LOCKSTORM COMMIT OUT, or `sbom.py --notices LIBRARIES LOCKSTORM OUT` for the
licences' texts.

The libraries and their licences are those that `lockstorm --version` tells; which of Debian's packages each was linked from, and that package's version,
LIBRARIES knows, where scripts/release/libraries has built it, else dpkg. A library that is in neither, or in another version than the command tells, is
an error."""
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

# Library as the command calls it: the installed package whose version counts, and where its source is told of.
PACKAGES = {
    "Boost": ("libboost1.81-dev", "https://www.boost.org"),
    "CLI11": ("libcli11-dev", "https://github.com/CLIUtils/CLI11"),
    "fmt": ("libfmt-dev", "https://fmt.dev"),
    "JSON for Modern C++": ("nlohmann-json3-dev", "https://json.nlohmann.me"),
    "oneTBB": ("libtbb-dev", "https://github.com/oneapi-src/oneTBB"),
    "OpenSSL": ("libssl-dev", "https://www.openssl.org"),
    "PEGTL": ("tao-pegtl-dev", "https://github.com/taocpp/PEGTL"),
    "simdjson": ("libsimdjson-dev", "https://simdjson.org"),
    "SQLite": ("libsqlite3-dev", "https://sqlite.org"),
    "xxHash": ("libxxhash-dev", "https://xxhash.com"),
    "yaml-cpp": ("libyaml-cpp-dev", "https://github.com/jbeder/yaml-cpp"),
    "Zstandard": ("libzstd-dev", "https://facebook.github.io/zstd"),
    "libstdc++": ("libstdc++-12-dev", "https://gcc.gnu.org"),
    "glibc": ("libc6-dev", "https://www.gnu.org/software/libc"),
}


def dpkg(package, field):
    return subprocess.run(["dpkg-query", "-W", f"-f=${{{field}}}", package], check=True, capture_output=True, text=True).stdout


class Libraries:
    """Where libraries were linked from: Debian's source packages that were built for the release, and what is installed."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.built = dict(line.split() for line in (self.folder / "sources.txt").read_text(encoding="utf-8").splitlines())

    def source(self, name):
        """(source package, version) of what the command calls `name`."""
        package = PACKAGES[name][0]
        source = dpkg(package, "source:Package")
        return source, self.built.get(source) or dpkg(package, "source:Version")

    def copyright(self, name):
        source, _ = self.source(name)
        if source in self.built:
            return self.folder / "copyright" / source
        return pathlib.Path(f"/usr/share/doc/{PACKAGES[name][0]}/copyright")


def linked(libraries, lockstorm):
    """(name, version, licence) of each library, as the command tells them."""
    said = subprocess.run([lockstorm, "--version"], check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^  (\S.*) (\S+) \((.+)\)$", said, re.MULTILINE)
    names = {name for name, _, _ in found}
    if names != set(PACKAGES):
        sys.exit(f"sbom: the command and this script name other libraries: {sorted(names ^ set(PACKAGES))}")
    for name, version, _ in found:
        source, debian = libraries.source(name)
        if not re.match(re.escape(version) + r"(?![0-9])", debian.split(":")[-1]):
            sys.exit(f"sbom: the command tells {name} {version}, and {source} is {debian}")
    return said.split()[1], found


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]+", "-", name)


def document(libraries, lockstorm, commit):
    version, found = linked(libraries, lockstorm)
    binary = pathlib.Path(lockstorm).read_bytes()
    created = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.timezone.utc)
    packages = [{
        "SPDXID": "SPDXRef-lockstorm", "name": "lockstorm", "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
        "sourceInfo": f"commit {commit}", "licenseConcluded": "Apache-2.0", "licenseDeclared": "Apache-2.0", "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "APPLICATION"}]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-lockstorm"), ("SPDXRef-binary", "GENERATED_FROM", "SPDXRef-lockstorm")]
    for name, upstream, licence in found:
        home = PACKAGES[name][1]
        source, debian = libraries.source(name)
        packages.append({
            "SPDXID": identifier(name), "name": name, "versionInfo": upstream, "supplier": "Organization: Debian", "homepage": home,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "sourceInfo": f"Debian's source package {source} {debian}",
            "licenseConcluded": licence, "licenseDeclared": licence, "copyrightText": "NOASSERTION", "primaryPackagePurpose": "LIBRARY",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": f"pkg:deb/debian/{source}@{debian.replace('+', '%2B')}?arch=source"}]})
        relations.append(("SPDXRef-binary", "STATIC_LINK", identifier(name)))
    return {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"lockstorm-{version}",
        "documentNamespace": f"https://spdx.org/spdxdocs/lockstorm-{version}-{hashlib.sha256(binary).hexdigest()}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: lockstorm-scripts-release-sbom"]},
        "packages": packages,
        "files": [{
            "SPDXID": "SPDXRef-binary", "fileName": "./bin/lockstorm", "fileTypes": ["BINARY"], "licenseConcluded": "NOASSERTION",
            "licenseInfoInFiles": ["NOASSERTION"], "copyrightText": "NOASSERTION",
            "checksums": [{"algorithm": name.upper(), "checksumValue": hashlib.new(name, binary).hexdigest()} for name in ("sha1", "sha256")]}],
        "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b} for a, kind, b in relations],
    }


def copyright_text(file, licence):
    """Debian's file of copyrights. Boost's names the holders of each of its files, on 49,000 lines: of it the licence that all that is linked has."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if len(text) < 200_000:
        return text.strip()
    paragraphs = re.findall(rf"^License:\s+{re.escape(licence)}\n(?:[ \t].*\n)+", text, re.MULTILINE)
    return "Copyright: the authors of Boost, as told in each of its files.\n" + max(paragraphs, key=len).strip()


def notices(libraries, lockstorm):
    """What the licences of linked libraries ask to be handed on with a binary: Debian's files of copyrights, one after the other."""
    _, found = linked(libraries, lockstorm)
    parts = ["Lockstorm is distributed under the Apache License 2.0 (LICENSE). Its binary contains these libraries.\n"]
    for name, version, licence in found:
        parts.append(f"{'=' * 100}\n{name} {version}: {licence}\n{'=' * 100}\n\n{copyright_text(libraries.copyright(name), licence)}\n")
    return "\n".join(parts)


if sys.argv[1] == "--notices":
    pathlib.Path(sys.argv[4]).write_text(notices(Libraries(sys.argv[2]), sys.argv[3]), encoding="utf-8")
else:
    told = document(Libraries(sys.argv[1]), sys.argv[2], sys.argv[3])
    pathlib.Path(sys.argv[4]).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
