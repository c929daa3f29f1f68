"""Runs the hooks of .pre-commit-hooks.yaml as pre-commit would: pre_commit_hooks.py LOCKSTORM SOURCE. 77: skipped, and says why.

Each hook's command has to pass on a repository that is safe against what --faults names, and to fail on one that is not; the pattern of
files has to take what decides how states lock. Where pre-commit itself is installed, it does the same."""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed: skipped")
    sys.exit(77)

lockstorm, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
BLOCK = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n%s  }\n}\n'
SAFE, UNLOCKED = BLOCK % "    use_lockfile = true\n", BLOCK % ""
# pre-commit shares one line with the hook's output otherwise, and asks git for who commits.
ENVIRONMENT = {**os.environ, "PATH": f"{lockstorm.parent}:{os.environ['PATH']}", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
               "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}

hooks = yaml.safe_load((source / ".pre-commit-hooks.yaml").read_text())
assert {hook["id"] for hook in hooks} == {"lockstorm-audit", "lockstorm-audit-from-source"}
for hook in hooks:
    for name in ("main.tf", "live/app/backend.tofu", "cdk.tf.json", "prod.s3.tfbackend", "a/terragrunt.hcl", ".terraform.lock.hcl", ".lockstorm.yaml"):
        assert re.search(hook["files"], name), f"{hook['id']} does not look at {name}"
    for name in ("README.md", "main.tfx", "not.lockstorm.yaml.md"):
        assert not re.search(hook["files"], name), f"{hook['id']} looks at {name}"


def run(*words, cwd, **rest):
    return subprocess.run(words, cwd=cwd, env={**ENVIRONMENT, **rest}, capture_output=True, text=True, check=False)


with tempfile.TemporaryDirectory() as folder:
    repository = pathlib.Path(folder) / "repository"
    repository.mkdir()
    for hook in hooks:
        entry = shlex.split(hook["entry"])
        if hook["language"] == "script":  # a path in the repository of the hook; what it builds is another test's matter
            assert os.access(source / entry[0], os.X_OK), entry
            entry[0] = str(lockstorm)
        for text, status in ((SAFE, 0), (UNLOCKED, 1)):
            (repository / "main.tf").write_text(text)
            ended = run(*entry, *hook["args"], "--faults", "none", cwd=repository)
            assert ended.returncode == status, f"{hook['id']}: {ended}"
    if shutil.which("pre-commit") is None or shutil.which("git") is None:
        print("the hooks run; pre-commit is not installed, so it does not run them")
        sys.exit(0)
    manifest = pathlib.Path(folder) / "hooks"
    manifest.mkdir()
    shutil.copy(source / ".pre-commit-hooks.yaml", manifest)
    for place in (manifest, repository):
        (place / "README.md").write_text("x\n")
        for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "x")):
            ended = run("git", *words, cwd=place)
            assert ended.returncode == 0, ended
    for text, status, word in ((SAFE, 0, "Passed"), (UNLOCKED, 1, "critical")):
        (repository / "main.tf").write_text(text)
        (repository / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: {manifest}\n  rev: HEAD\n  hooks:\n  - id: lockstorm-audit\n    args: [--faults, none, .]\n")
        run("git", "add", "--all", cwd=repository)
        ended = run("pre-commit", "run", "--all-files", cwd=repository, PRE_COMMIT_HOME=f"{folder}/home")
        assert ended.returncode == status and word in ended.stdout, f"{ended.returncode}: {ended.stdout} {ended.stderr}"
print("the hooks run, and pre-commit runs them")
