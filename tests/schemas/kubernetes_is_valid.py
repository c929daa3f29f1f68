"""Validates the manifests of `lockstorm campaign run --kubernetes` against the schema that Kubernetes publishes (its OpenAPI
document, as the validators of kubernetes-models; scripts/schemas brings them): kubernetes_is_valid.py LOCKSTORM MODELS.

Exit status 77, which ctest takes for skipped, where they, node or python3-yaml are absent."""
import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

lockstorm, models = sys.argv[1], pathlib.Path(sys.argv[2]).absolute()
schemas = models / "node_modules/kubernetes-models/_schemas"
if not schemas.exists() or not shutil.which("node"):
    print(f"{models} or node is absent: run scripts/schemas")
    sys.exit(77)
try:
    import yaml
except ImportError:
    print("python3-yaml is absent (cmake/packages-dev.txt)")
    sys.exit(77)

VALIDATE = """
const {validate} = require(process.argv[1]);
const document = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(validate(document) ? [] : validate.errors));
"""
SCHEMA_OF = {"Job": "IoK8sApiBatchV1Job", "ConfigMap": "IoK8sApiCoreV1ConfigMap"}


def errors_of(document):
    schema = schemas / (SCHEMA_OF[document["kind"]] + ".js")
    ran = subprocess.run(["node", "-e", VALIDATE, str(schema)], input=json.dumps(document), text=True,
                         capture_output=True, check=True, cwd=models)
    return json.loads(ran.stdout)


def known_keys(schema):
    """What the schema says something of: it does not refuse what it does not know, and neither does a server warn for long."""
    return set(re.findall(r"data\.(\w+)", (schemas / (schema + ".js")).read_text()))


def unknown_keys(job):
    pod = job["spec"]["template"]["spec"]
    for schema, part in (("IoK8sApiBatchV1Job", job), ("IoK8sApiBatchV1JobSpec", job["spec"]),
                         ("IoK8sApiCoreV1PodTemplateSpec", job["spec"]["template"]), ("IoK8sApiCoreV1PodSpec", pod),
                         ("IoK8sApiCoreV1Container", pod["containers"][0]),
                         ("IoK8sApiCoreV1VolumeMount", pod["containers"][0]["volumeMounts"][0]),
                         ("IoK8sApiCoreV1Volume", pod["volumes"][0]),
                         ("IoK8sApiCoreV1ConfigMapVolumeSource", pod["volumes"][0]["configMap"]),
                         ("IoK8sApiCoreV1PersistentVolumeClaimVolumeSource", pod["volumes"][1]["persistentVolumeClaim"])):
        yield from (f"{schema}.{key}" for key in part if key not in known_keys(schema))


SPEC = """# "Quotes", a tab\tand ünicode: \U0001f512 must survive.
hunt: {scenarios: [quiet.yaml, worlds/loud.yaml, s3/unlocked], runs: 3200}
shards: 4
kubernetes: {image: "registry.example/lockstorm:0.2.0", claim: campaigns, namespace: ci, parallelism: 5, cpu: 500m}
"""
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "worlds").mkdir()
    (folder / "quiet.yaml").write_text("backend: {type: s3, use_lockfile: true}\nclient: {count: 2}\n")
    (folder / "worlds/loud.yaml").write_text("# Two jobs: \"both\" write.\nbackend: {type: s3}\nclient: {count: 2}\n")
    (folder / "My Campaign.yaml").write_text(SPEC)

    def run(*words, **more):
        return subprocess.run([lockstorm, "campaign", *words], cwd=folder, text=True, capture_output=True, **more)

    printed = run("run", "My Campaign.yaml", "--kubernetes", "--dry-run")
    assert printed.returncode == 0, printed.stderr
    assert not list(folder.glob("*.campaign")) and not list(folder.glob("*.kubernetes.yaml")), "a dry run writes nothing"
    written = run("run", "My Campaign.yaml", "--kubernetes")
    assert "kubectl apply -f" in written.stdout, written.stdout
    assert (folder / "My Campaign.kubernetes.yaml").read_text() == printed.stdout, "what is printed is what is written"
    documents = list(yaml.safe_load_all(printed.stdout))
    assert [document["kind"] for document in documents] == ["ConfigMap", "Job", "Job"]
    config, shards, report = documents
    for document in documents:
        assert errors_of(document) == [], (document["metadata"]["name"], errors_of(document))
        assert document["metadata"]["namespace"] == "ci"
    for job in (shards, report):
        assert list(unknown_keys(job)) == [], list(unknown_keys(job))
    assert (shards["spec"]["completions"], shards["spec"]["parallelism"]) == (12, 5)
    assert shards["spec"]["completionMode"] == "Indexed" and shards["spec"]["backoffLimitPerIndex"] == 3

    # The check can fail: each of these is no Job.
    for path, value in ((("spec", "completions"), "many"), (("spec", "template"), None), (("kind",), 7),
                        (("spec", "template", "spec", "containers"), {})):
        broken = copy.deepcopy(shards)
        place = broken
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
        assert errors_of(broken) if path != ("kind",) else True, path
    broken = copy.deepcopy(shards)
    broken["spec"]["completion"] = 3
    assert list(unknown_keys(broken)) == ["IoK8sApiBatchV1JobSpec.completion"]

    # What pods would find, laid out as Kubernetes lays it out, and what they would do there.
    spec_folder = folder / "spec"
    for item in shards["spec"]["template"]["spec"]["volumes"][0]["configMap"]["items"]:
        file = spec_folder / item["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(config["data"][item["key"]])
    assert (spec_folder / "My Campaign.yaml").read_text() == SPEC

    def pod(job, environment):
        words = [word.replace("/spec/", f"{spec_folder}/").replace("/campaigns/", f"{folder}/campaigns/")
                 for word in job["spec"]["template"]["spec"]["containers"][0]["command"]]
        return subprocess.run([lockstorm, *words[1:]], cwd=folder, text=True, capture_output=True,
                              env={**os.environ, **environment})

    for index in (0, 3, 11):
        made = pod(shards, {"JOB_COMPLETION_INDEX": str(index)})
        assert made.returncode == 0, made.stderr
    state = json.loads(run("status", str(folder / "campaigns/my-campaign"), "--json", "-").stdout)
    assert [shard["shard"] for shard in state["shards"] if shard["state"] == "done"] == [1, 4, 12]
    ended = pod(report, {})
    assert ended.returncode == 0, ended.stderr
    joined = json.loads((folder / "campaigns/my-campaign/report.json").read_text())
    assert [result["verdict"] for result in joined["results"]] == ["held", "violated", "violated"], joined["results"]

    (folder / "worlds/loud.yaml").rename(folder.parent / (folder.name + "-outside.yaml"))
    try:
        (folder / "out.yaml").write_text(SPEC.replace("worlds/loud.yaml", f"../{folder.name}-outside.yaml"))
        refused = run("run", "out.yaml", "--kubernetes")
        assert refused.returncode == 65 and "outside of the folder of the campaign's spec" in refused.stderr, refused.stderr
    finally:
        (folder.parent / (folder.name + "-outside.yaml")).unlink()
    (folder / "no.yaml").write_text("hunt: {scenarios: [quiet.yaml]}\n")
    refused = run("run", "no.yaml", "--kubernetes")
    assert refused.returncode == 65 and "does not say which image pods run" in refused.stderr, refused.stderr
print("manifests are as Kubernetes publishes")
