"""Runs the recipes of other people's package managers and CI systems as far as this machine can: channels.py SOURCE [OUT].

Without OUT only what needs no release is checked: forms, versions, and that every input that is used is declared. With OUT (build/dist/out) the steps of
action.yml and of the GitLab component run in bash against a server on the loopback that has the release, on a repository that is safe and on one that
is not; the recipes are filled in, and vcpkg's is evaluated by CMake with vcpkg's commands standing in."""
import ast
import contextlib
import functools
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed: skipped")
    sys.exit(77)

source = pathlib.Path(sys.argv[1]).resolve()
version = re.search(r"^project\(lockstorm VERSION ([0-9.]+)", (source / "CMakeLists.txt").read_text(), re.MULTILINE)[1]
packaging = source / "packaging"
BLOCK = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n%s  }\n}\n'
SAFE, UNLOCKED = BLOCK % "    use_lockfile = true\n", BLOCK % ""


def check(good, what):
    if not good:
        sys.exit(f"channels: {what}")


def check_forms():
    action = yaml.safe_load((source / "action.yml").read_text())
    check(action["inputs"]["version"]["default"] == version, "action.yml has another version than CMakeLists.txt")
    used = set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", (source / "action.yml").read_text()))
    check(used == set(action["inputs"]), f"inputs of action.yml that are declared or used alone: {used ^ set(action['inputs'])}")
    for step in action["runs"]["steps"]:
        check("${{" not in step["run"], "action.yml pastes an expression into a script: whoever opens a pull request could write code")
    spec, jobs = yaml.safe_load_all((packaging / "gitlab/templates/audit.yml").read_text())
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", (packaging / "gitlab/templates/audit.yml").read_text()))
    check(used == set(spec["spec"]["inputs"]), "inputs of the GitLab component that are declared or used alone")
    check(list(jobs) == ["lockstorm-audit"], "jobs of the GitLab component")
    check(f'version = "{version}"' in (source / "flake.nix").read_text(), "flake.nix has another version than CMakeLists.txt")
    port = json.loads((packaging / "vcpkg/vcpkg.json").read_text())
    check(port["name"] == "lockstorm" and "vcpkg-cmake" in str(port["dependencies"]), "vcpkg.json")
    recipe = ast.parse((packaging / "conan/conanfile.py").read_text())
    methods = {node.name for cls in recipe.body if isinstance(cls, ast.ClassDef) for node in cls.body if isinstance(node, ast.FunctionDef)}
    check({"requirements", "source", "generate", "build", "package", "package_info"} <= methods, "conanfile.py lacks a step")


def shell(script, cwd, **environment):
    return subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=cwd, env={"PATH": os.environ["PATH"], "HOME": cwd, **environment}, capture_output=True,
                          text=True, check=False)


@contextlib.contextmanager
def served(folder):
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.func.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def run_action(url, work, text, sha256="", key="", args="--faults none"):
    """As the runner does (its folder for what is temporary is outside of the repository): expressions become environment, files stand for outputs and for the PATH of later steps."""
    work.mkdir()
    (work / "main.tf").write_text(text)
    given = {"inputs.path": ".", "inputs.version": version, "inputs.sha256": sha256, "inputs.public-key": key, "inputs.repository": "o/lockstorm", "inputs.args": args,
             "inputs.sarif": "lockstorm.sarif"}
    files = {name: work / name.lower() for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.touch()
    for step in yaml.safe_load((source / "action.yml").read_text())["runs"]["steps"]:
        environment = {name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: given[match[1]], value) for name, value in step["env"].items()}
        path = ":".join([*files["GITHUB_PATH"].read_text().split(), os.environ["PATH"]])
        ended = shell(step["run"], str(work), **{**environment, "PATH": path, "GITHUB_SERVER_URL": url, "RUNNER_TEMP": f"{work}-temp",
                                                 **{name: str(file) for name, file in files.items()}})
        if ended.returncode != 0:
            break
    return ended, files["GITHUB_OUTPUT"].read_text(), files["GITHUB_STEP_SUMMARY"].read_text()


def run_component(url, sha256, work, text, key=""):
    work.mkdir()
    (work / "main.tf").write_text(text)
    spec, jobs = yaml.safe_load_all((packaging / "gitlab/templates/audit.yml").read_text())
    given = {name: str(about.get("default", "")) for name, about in spec["spec"]["inputs"].items()} | {
        "url": url, "sha256": sha256, "public_key": key, "args": "--faults none"}
    script = "\n".join(jobs["lockstorm-audit"]["script"]).replace("/tmp/lockstorm", f"{work}-tmp")
    return shell(re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda match: given[match[1]], script), str(work))


def signed_copy(out, into, key):
    """The release, signed by a key that is thrown away, as LOCKSTORM_SIGNING_KEY makes scripts/dist do it; the line of its public half."""
    shutil.copytree(out, into)
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
    subprocess.run([source / "scripts/release/sign", into], check=True, stdout=subprocess.DEVNULL, env={"PATH": os.environ["PATH"], "LOCKSTORM_SIGNING_KEY_FILE": str(key)})
    public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout"], check=True, capture_output=True, text=True).stdout
    return public.splitlines()[1]


def run_signed(url, place, tarball, work, release, key):
    """Action and component with a key: what is signed is run; by another key, with another sum under the signature, or without a signature nothing is."""
    another = subprocess.run("openssl genpkey -algorithm ed25519 | openssl pkey -pubout", shell=True, check=True, capture_output=True, text=True).stdout.splitlines()[1]

    def both(name, key, sha256=""):
        action, outputs, _ = run_action(url, work / f"action-{name}", SAFE, sha256, key)
        component = run_component(f"{place}/{tarball}", sha256, work / f"component-{name}", SAFE, key)
        return action.returncode == 0 and "status=0" in outputs, component.returncode == 0, action, component

    ended = both("signed", key)
    check(ended[:2] == (True, True), f"a signed release was not taken: {ended}")
    check(both("another-key", another)[:2] == (False, False), "a release was taken that another key has signed")
    check(both("signed-and-wrong-sum", key, "0" * 64)[:2] == (False, False), "a signed tarball was taken that has another sum than was asked for")
    sums = (release / "SHA256SUMS").read_text()
    (release / "SHA256SUMS").write_text(sums + "\n")
    check(both("changed-sums", key)[:2] == (False, False), "sums were taken that are not what was signed")
    (release / "SHA256SUMS").write_text(sums)
    (release / "SHA256SUMS.sig").unlink()
    check(both("unsigned", key)[:2] == (False, False), "a release without a signature was taken although a key was given")
    check(run_component(f"{place}/{tarball}", "", work / "component-nothing", SAFE).returncode != 0, "the component took a tarball without sum and key")
    print("action.yml and GitLab component: signatures are verified")


VCPKG = """
function(vcpkg_download_distfile out)
  cmake_parse_arguments(a "" "FILENAME;SHA512" "URLS" ${ARGN})
  file(DOWNLOAD ${a_URLS} ${WORK}/${a_FILENAME} EXPECTED_HASH SHA512=${a_SHA512})
  set(${out} ${WORK}/${a_FILENAME} PARENT_SCOPE)
endfunction()
function(vcpkg_extract_source_archive out)
  cmake_parse_arguments(a "" "ARCHIVE" "" ${ARGN})
  file(ARCHIVE_EXTRACT INPUT ${a_ARCHIVE} DESTINATION ${WORK}/src)
  file(GLOB tree ${WORK}/src/*)
  set(${out} ${tree} PARENT_SCOPE)
endfunction()
function(vcpkg_cmake_configure)
  cmake_parse_arguments(a "" "SOURCE_PATH" "OPTIONS" ${ARGN})
  if(NOT EXISTS ${a_SOURCE_PATH}/CMakeLists.txt)
    message(FATAL_ERROR "no source")
  endif()
endfunction()
function(vcpkg_install_copyright)
  cmake_parse_arguments(a "" "" "FILE_LIST" ${ARGN})
  if(NOT EXISTS ${a_FILE_LIST})
    message(FATAL_ERROR "no licence")
  endif()
endfunction()
foreach(name IN ITEMS vcpkg_check_linkage vcpkg_cmake_install vcpkg_cmake_config_fixup vcpkg_copy_tools)
  cmake_language(EVAL CODE "function(${name})\\nendfunction()")
endforeach()
set(CURRENT_PACKAGES_DIR ${WORK}/packages)
include(${PORT}/portfile.cmake)
"""


def run_channels(out, work):
    release = work / "o/lockstorm/releases/download" / f"v{version}"
    release.parent.mkdir(parents=True)
    key = signed_copy(out, release, work / "signing.key")
    tarball = out / f"lockstorm-{version}-linux-amd64.tar.gz"
    sha256 = hashlib.sha256(tarball.read_bytes()).hexdigest()
    with served(work) as url:
        ended, outputs, summary = run_action(url, work / "safe", SAFE, sha256)
        check(ended.returncode == 0 and "status=0" in outputs and "lockstorm" in summary.lower(), f"the action on a safe repository: {ended} {outputs}")
        ended, outputs, _ = run_action(url, work / "unlocked", UNLOCKED)
        check(ended.returncode == 1 and "status=1" in outputs and "::error" in ended.stdout, f"the action on one without locks: {ended} {outputs}")
        check(json.loads((work / "unlocked/lockstorm.sarif").read_text())["runs"][0]["results"], "the action's SARIF has no result")
        ended, outputs, _ = run_action(url, work / "wrong", SAFE, "0" * 64)
        check(ended.returncode != 0 and not outputs, f"the action took a tarball with another sum: {ended}")
        print("action.yml: its steps ran")
        place = f"{url}/o/lockstorm/releases/download/v{version}"
        for name, text, status in (("c-safe", SAFE, 0), ("c-unlocked", UNLOCKED, 1)):
            ended = run_component(f"{place}/{tarball.name}", sha256, work / name, text)
            check(ended.returncode == status and (work / name / "gl-code-quality-report.json").exists(), f"the GitLab component: {ended}")
        check(run_component(f"{place}/{tarball.name}", "0" * 64, work / "c-wrong", SAFE).returncode != 0, "the component took a tarball with another sum")
        print("GitLab component: its script ran")
        run_signed(url, place, tarball.name, work, release, key)
        subprocess.run([sys.executable, source / "scripts/release/recipes.py", out, place, work / "recipes"], check=True)
        left = [file for file in (work / "recipes").rglob("*") if file.is_file() and re.search(r"@[A-Z0-9_]+@", file.read_text())]
        check(not left, f"recipes with something to fill in: {left}")
        (work / "vcpkg.cmake").write_text(VCPKG)
        subprocess.run(["cmake", f"-DWORK={work}/v", f"-DPORT={work}/recipes/vcpkg", "-P", work / "vcpkg.cmake"], check=True)
        print("recipes: filled in; vcpkg's portfile found its source and licence")


check_forms()
print("forms and versions agree")
if len(sys.argv) > 2:
    with tempfile.TemporaryDirectory() as folder:
        run_channels(pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(folder))
