"""Fills the release into the recipes of packaging/: recipes.py OUT URL INTO.

OUT has the files of a release (build/dist/out), URL is the folder that they are published in, and INTO gets the recipes."""
import hashlib
import pathlib
import re
import shutil
import sys

out, url, into = pathlib.Path(sys.argv[1]), sys.argv[2].rstrip("/"), pathlib.Path(sys.argv[3])
packaging = pathlib.Path(__file__).resolve().parents[2] / "packaging"
[source] = out.glob("lockstorm-*-source.tar.gz")
data = source.read_bytes()
values = {
    "VERSION": re.fullmatch(r"lockstorm-(.+)-source\.tar\.gz", source.name)[1], "HOMEPAGE": url.split("/releases/")[0],
    "SOURCE_URL": f"{url}/{source.name}", "SOURCE_SHA256": hashlib.sha256(data).hexdigest(), "SOURCE_SHA512": hashlib.sha512(data).hexdigest()}
shutil.copytree(packaging, into, dirs_exist_ok=True)
for recipe in sorted(path for path in into.rglob("*") if path.is_file()):
    filled = re.sub(r"@([A-Z0-9_]+)@", lambda match: values[match[1]], recipe.read_text(encoding="utf-8"))
    recipe.write_text(filled, encoding="utf-8")
