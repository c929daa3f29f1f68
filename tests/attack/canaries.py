"""Plants a password in every argument of every backend, as literal, in URLs, in expressions, in files with broken
syntax and on the command line, and looks for it in all that the command writes: no argument's value may come out,
in any format and on any error path.

    canaries.py LOCKSTORM [--all]

Without --all each argument meets some of the ways to write a value, in turn; with it, all of them."""
import json
import sys

import pipeline_files
from command import AUDIT_FORMATS, Failures, Folder

CANARY = "kN4ryPa55w0rd"
URL = f"https://ci:{CANARY}@state.example/prod?sig={CANARY}&x=1"

# Ways to write an argument in HCL. %s is the argument's name.
NATIVE = {
    "literal": f'%s = "{CANARY}"',
    "url": f'%s = "{URL}"',
    "interpolated url": f'%s = "https://ci:{CANARY}@state.example/${{var.env}}/lock?sig={CANARY}"',
    "interpolated": f'%s = "{CANARY}${{var.env}}"',
    "interpolation with spaces": f'%s = "https://ci:${{ var.env }}{CANARY}@state.example/lock"',
    "call": f'%s = format("{CANARY}-%%s", var.env)',
    "conditional": f'%s = var.on ? "{CANARY}" : null',
    "list": f'%s = ["{CANARY}", var.env]',
    "object": f'%s = {{ secret = "{CANARY}" }}',
    "heredoc": f'%s = <<EOT\n{CANARY}\nEOT',
    "heredoc with a template": f'%s = <<EOT\n{CANARY} ${{var.env}}\nEOT',
    "word": f"%s = {CANARY}",
    "attribute": f"%s = secrets.{CANARY}.value",
    "index": f'%s = var.secrets["{CANARY}"]',
    "block": f'%s {{\n secret = "{CANARY}"\n}}',
    "labelled block": f'%s "{CANARY}" {{\n}}',
    # No file: the syntax is broken just there.
    "unclosed": f'%s = "{CANARY}\n',
    "bad escape": f'%s = "a\\{CANARY}"',
    "bad escape inside": f'%s = "{CANARY}\\{CANARY}"',
    "twice": f'%s = "a" "{CANARY}"',
    "word behind": f'%s = "a" {CANARY}',
    "number and word": f"%s = 12 {CANARY}",
    "no equals": f"%s {CANARY}",
    "no quotes": f'%s = {CANARY} {CANARY}',
    "colon": f'%s : "{CANARY}"',
    "unclosed list": f'%s = ["a" {CANARY}]',
    "unclosed object": f'%s = {{ a = "b" {CANARY} }}',
    "unknown directive": f'%s = "%%{{ {CANARY} }}"',
    "unclosed template": f'%s = "${{ {CANARY}',
    "unclosed heredoc": f"%s = <<EOT\n{CANARY}",
    "twice set": f'%s = "{CANARY}"\n%s = "{CANARY}"',
}
JSON_VALUES = {
    "literal": json.dumps(CANARY),
    "url": json.dumps(URL),
    "template": json.dumps(CANARY + "${var.env}"),
    "list": json.dumps([CANARY]),
    "object": json.dumps({"secret": CANARY}),
    "broken": f'"{CANARY}',
    "bad escape": f'"{CANARY}\\q"',
    "word": CANARY,
    "control": f'"{CANARY}\n"',
}
# On the command line, behind --set.
SETTINGS = {
    "literal": (f"%s={CANARY}",),
    "url": (f"%s={URL}",),
    "no equals": (f"%s {CANARY}",),
    "no name": (f"={CANARY}",),
    "value only": (URL,),
    "spaces": (f"%s=a", CANARY),
    "empty name": (f"%s {CANARY}=x",),
}


def look(failures, ended, *where):
    failures.check(not ended.aborted, *where, ended)
    for what, text in ended.everything():
        failures.check(CANARY.encode() not in text, *where, "in", what, text[max(0, text.find(CANARY.encode()) - 200):][:400])


def block_of(backend):
    return "cloud {" if backend == "cloud" else f'backend "{backend}" {{'


def audit(folder, tool, *words):
    return folder.run_in_every_format("audit", ".", "--tool", tool, "--faults", "none", "--format", "github", *words, formats=AUDIT_FORMATS)


def in_native(failures, folder, backend, argument, way, tool):
    line = NATIVE[way].replace("%s", argument).replace("%%", "%")
    folder.write("main.tf", f"terraform {{\n  {block_of(backend)}\n{line}\n  }}\n}}\n")
    look(failures, audit(folder, tool), backend, argument, way)


def in_json(failures, folder, backend, argument, way, tool):
    body = f'{{"{argument}": {JSON_VALUES[way]}}}'
    block = f'"cloud": {body}' if backend == "cloud" else f'"backend": {{"{backend}": {body}}}'
    folder.write("main.tf.json", f'{{"terraform": {{{block}}}}}')
    look(failures, audit(folder, tool), backend, argument, "JSON", way)


def in_setting(failures, folder, backend, argument, way, tool):
    folder.write("main.tf", f"terraform {{\n  {block_of(backend)}\n  }}\n}}\n")
    words = [word.replace("%s", argument) for word in SETTINGS[way]]
    look(failures, audit(folder, tool, "--set", *words), backend, argument, "--set", way)
    compared = folder.run("compare", ".", "--tool", tool, "--faults", "none", "--json", "out.json", "--set", *words)
    look(failures, compared, backend, argument, "compare --set", way)


# Ways to write an argument of Terragrunt's `config`.
TERRAGRUNT = {
    **{way: NATIVE[way] for way in NATIVE if "block" not in way},
    "environment": f'%s = get_env("{CANARY}", "{CANARY}")',
    "of the environment": '%s = get_env("PLANTED")',
    "local": "%s = local.secret",
    "command": f'%s = run_cmd("echo", "{CANARY}")',
    "decrypted": f'%s = jsondecode(sops_decrypt_file("{CANARY}.json")).secret',
    "of a file": '%s = trimspace(file("secret.txt"))',
}


def in_terragrunt(failures, folder, backend, argument, way, tool):
    line = TERRAGRUNT[way].replace("%s", argument).replace("%%", "%")
    state = f'remote_state {{\n  backend = "{backend}"\n  config = {{\n{line}\n  }}\n@generate@}}\n'
    generate = '  generate = {\n    path = "backend.tf"\n    if_exists = "overwrite"\n  }\n'
    folder.write("root.hcl", f'locals {{\n  secret = "{CANARY}"\n}}\n' + state.replace("@generate@", generate))
    folder.write("secret.txt", CANARY)
    folder.write("app/main.tf", f'terraform {{\n  {block_of(backend)}\n  }}\n}}\n')
    folder.write("app/terragrunt.hcl", 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n')
    folder.write("other/main.tf", "")
    folder.write("other/terragrunt.hcl", f'locals {{\n  secret = "{CANARY}"\n}}\n' + state.replace("@generate@", ""))
    folder.write("written/main.tf", "")
    folder.write("written/terragrunt.hcl", f'generate "x" {{\n  path = "backend.tf"\n  if_exists = "overwrite"\n'
                 f'  contents = <<EOF\nterraform {{\n  {block_of(backend)}\n{line}\n  }}\n}}\nEOF\n}}\n')
    ended = folder.run_in_every_format("audit", ".", "--tool", tool, "--faults", "none",
                                       environment={"PLANTED": CANARY})
    look(failures, ended, backend, argument, "Terragrunt", way)


# Names of things, whose values are told where they come from somewhere else (scenarios/data/configuration.cpp).
TOLD = {"bucket", "container_name", "dynamodb_table", "encrypt", "in_cluster_config", "key", "labels", "namespace", "organization",
        "path", "prefix", "region", "resource_group_name", "schema_name", "secret_suffix", "skip_table_creation",
        "storage_account_name", "tablestore_table", "use_lockfile", "use_path_style", "workspace_dir", "workspace_key_prefix",
        "max_retries"}


def planted(argument):
    return "plain" if argument in TOLD else CANARY


def after_init(failures, lockstorm, variables):
    """What `init` has left behind and the environment sets: the names are told, the values never."""
    for backend, arguments in sorted(variables.items()):
        state = {"version": 3, "backend": {"type": backend, "hash": 1, "config": {name: planted(name) for name in arguments}}}
        for tool in ("terraform", "opentofu"):
            with Folder(lockstorm) as folder:
                for name in ("left", "set", "passed", "broken"):
                    folder.write(f"{name}/main.tf", f"terraform {{\n  {block_of(backend)}\n  }}\n}}\n")
                folder.write("left/.terraform/terraform.tfstate", json.dumps(state))
                folder.write("broken/.terraform/terraform.tfstate", json.dumps(state)[:-3] + CANARY)
                folder.write("passed/more.txt", "\n".join(f'{name} = "{planted(name)}"' for name in arguments))
                passed = "-backend-config=more.txt " + " ".join(f"'-backend-config={name}={planted(name)}'" for name in arguments)
                environment = {name: URL for names in arguments.values() for name in names}
                for words in (("audit", "left"), ("audit", "set"), ("audit", "broken")):
                    ended = folder.run_in_every_format(*words, "--tool", tool, "--faults", "none", environment=environment)
                    look(failures, ended, backend, *words)
                for line in (passed, passed + f" '{CANARY}", f"-backend-config={CANARY}", f"-var={CANARY}"):
                    ended = folder.run_in_every_format("audit", "passed", "--tool", tool, "--faults", "none",
                                                       environment={"TF_CLI_ARGS_init": line, "TF_CLI_ARGS": f"-lock-timeout={CANARY}"})
                    look(failures, ended, backend, "TF_CLI_ARGS_init")


def in_all_arguments(failures, lockstorm, backend, arguments):
    """Values that are accepted, in all arguments at once: the whole report is written."""
    for tool in ("terraform", "opentofu"):
        for way in ("literal", "url", "interpolated url", "interpolated"):
            with Folder(lockstorm) as folder:
                lines = "\n".join(NATIVE[way].replace("%s", name) for name in arguments)
                folder.write("main.tf", f"terraform {{\n  {block_of(backend)}\n{lines}\n  }}\n}}\n")
                look(failures, audit(folder, tool), backend, "all", way)
                compared = folder.run("compare", ".", "--tool", tool, "--faults", "none", "--json", "out.json", "--to-tool", "opentofu")
                look(failures, compared, backend, "all", "compare", way)


def in_advice(failures, lockstorm, backend, arguments):
    """Names of things stand in the commands that advice prints; credentials never do, nor URLs, nor what else a lock has."""
    information = {"ID": "a-1", "Operation": f"apply {CANARY}:", "Info": CANARY, "Who": f"ci:{CANARY}@host", "Version": f"1.0:{CANARY}",
                   "Path": URL, "Created": CANARY, CANARY: CANARY}
    message = "".join(f"  {name}: {value}\n" for name, value in information.items())
    for way in ("literal", "url"):
        with Folder(lockstorm) as folder:
            lines = "\n".join(NATIVE[way].replace("%s", name) for name in arguments if way == "url" or name not in TOLD)
            folder.write("main.tf", f"terraform {{\n  {block_of(backend)}\n{lines}\n  }}\n}}\n")
            folder.write("lock.txt", message)
            folder.write("lock.json", json.dumps(information))
            folder.write("broken.json", json.dumps(information)[:-2] + CANARY)
            folder.write("item.json", json.dumps({"Item": {"LockID": {"S": URL}, "Info": {"S": json.dumps(information)}}}))
            for name in ("lock.txt", "lock.json", "broken.json", "item.json"):
                ended = folder.run("advise", "unlock", "--backend", ".", "--lock-info", name, "--job", "dead", "--json", "out.json")
                look(failures, ended, backend, "advise unlock", way, name)
            look(failures, folder.run("advise", "recover", "errored-state", "--backend", ".", "--json", "out.json"), backend, "advise recover", way)
    with Folder(lockstorm) as folder:
        look(failures, folder.run("advise", "unlock", "--backend", URL), "advise unlock --backend")
        look(failures, folder.run("advise", "unlock", "--backend", "s3+lockfile", "--set", URL), "advise unlock --set")
        look(failures, folder.run("advise", "unlock", "--backend", "s3+lockfile", "--lock-info", URL), "advise unlock --lock-info")


def elsewhere(failures, lockstorm):
    """URLs with credentials where other readers quote what they read."""
    scenario = f"backend: {{type: http, lock_address: '{URL}', unlock_address: '{URL}'}}\nclient: {{count: 2}}\n"
    texts = {
        "whole.yaml": scenario,
        "key.yaml": f"backend:\n  type: http\n  '{URL}': true\n",
        "type.yaml": f"backend: {{type: '{URL}'}}\n",
        "value.yaml": f"backend: {{type: s3, use_lockfile: '{URL}'}}\n",
        "broken.yaml": f"backend: {{type: http, lock_address: '{URL}'\n",
        "command.yaml": f"backend: {{type: local}}\nclient: {{command: '{URL}'}}\n",
        "comment.yaml": f"# {URL}\n" + scenario,
    }
    for name, text in texts.items():
        with Folder(lockstorm) as folder:
            folder.write(name, text)
            look(failures, folder.run_in_every_format("verify", name, "--certificate", "out.cert", "--gtest", "tests"), "verify", name)
            look(failures, folder.run_in_every_format("hunt", name, "--runs", "20"), "hunt", name)
            look(failures, folder.run("simulate", name, "--json", "out.json"), "simulate", name)
    for type_ in (URL, f"s3 {URL}"):
        with Folder(lockstorm) as folder:
            folder.write("main.tf", f'terraform {{\n  backend "{type_}" {{\n  }}\n}}\n')
            look(failures, audit(folder, "terraform"), "type")
    with Folder(lockstorm) as folder:
        folder.write("h.jsonl", '{"process": 0, "type": "invoke", "f": "write", "value": "%s"}\n' % URL +
                     '{"process": 0, "type": "ok", "f": "write", "value": "%s"}\n' % URL +
                     '{"process": 1, "type": "invoke", "f": "read"}\n{"process": 1, "type": "ok", "f": "read", "value": "%s1"}\n' % URL)
        look(failures, folder.run("judge", "h.jsonl", "--model", "register", "--json", "out.json", "--html", "out.html"), "judge")
        for words in (["verify", URL], ["audit", URL], ["judge", URL], ["merge", URL], ["certify", URL], ["replay", URL],
                      ["describe", URL], [URL], ["verify", f"--{URL}"], ["hunt", "s3/unlocked", "--corpus", URL, "--runs", "1"],
                      ["verify", "s3/unlocked", "--json", URL], ["verify", "s3/unlocked", "--seed", URL]):
            look(failures, folder.run(*words), *words[:1])
        certificate = {"lockstorm": URL, "certificate": 1, "scenarios": []}
        folder.write("c.json", json.dumps(certificate))
        look(failures, folder.run("certify", "c.json"), "certify")
        folder.write("m.json", json.dumps({"scenario": URL, "lockstorm": URL, "hunt": {}}))
        look(failures, folder.run("merge", "m.json"), "merge")


def in_pipelines(failures, lockstorm):
    """What is written into CI files, alone and beside the others, as `pipeline` and `audit` read them."""
    files = pipeline_files.secrets(CANARY, URL)
    for chosen in ([name] for name in files):
        with Folder(lockstorm) as folder:
            folder.write("infra/main.tf", pipeline_files.STATE)
            for name in chosen:
                folder.write(name, files[name])
            look(failures, folder.run("pipeline", ".", "--json", "out.json", "--html", "out.html"), "pipeline", *chosen)
            look(failures, folder.run("pipeline", ".", "--explain-key"), "pipeline --explain-key", *chosen)
            look(failures, audit(folder, "terraform"), "audit of a pipeline", *chosen)
            look(failures, folder.run("audit", ".", "--faults", "none", "--details", "--write-baseline"), "audit --details", *chosen)


def on_the_wire(failures, lockstorm):
    """URLs and environments of commands that talk to stores; nobody listens at that port."""
    address = f"127.0.0.1:1/prod?sig={CANARY}"
    environment = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": CANARY, "AZURE_STORAGE_KEY": CANARY, "CONSUL_HTTP_TOKEN": CANARY,
                   "TF_HTTP_PASSWORD": CANARY, "PGPASSWORD": CANARY, "GOOGLE_OAUTH_ACCESS_TOKEN": CANARY}
    for scheme in ("http", "https", "s3", "dynamodb", "gs", "azblob", "consul", "k8s", "pg", "unknown"):
        for user in ("", f"ci:{CANARY}@"):
            with Folder(lockstorm) as folder:
                ended = folder.run("probe", f"{scheme}://{user}{address}", "--json", "out.json", environment=environment)
                look(failures, ended, "probe", scheme)
    with Folder(lockstorm) as folder:
        folder.write("main.tf", f'terraform {{\n  backend "http" {{\n    address = "http://ci:{CANARY}@127.0.0.1:1/x?sig={CANARY}"\n  }}\n}}\n')
        folder.write("r.jsonl", json.dumps({"lockstorm": "recording", "version": 1, "token": CANARY}) + "\n" + CANARY + "\n")
        look(failures, folder.run("record", "--backend", ".", "--to", "out.jsonl", "--", "true", environment=environment), "record")
        look(failures, folder.run("accept", "r.jsonl", "--json", "out.json"), "accept")
        look(failures, folder.run("accept", URL), "accept")
        look(failures, folder.run("confirm", URL), "confirm")
        look(failures, folder.run("serve", URL), "serve")


def arguments_of(lockstorm):
    """The arguments of each backend type's block, as `describe` lists them, each with the variables of the environment
    that say it."""
    with Folder(lockstorm) as folder:
        listed = json.loads(folder.run("list", "--json", "out.json").files["out.json"])["backends"]
        arguments = {}
        for name in (item["name"] for item in listed):
            described = json.loads(folder.run("describe", name, "--json", "out.json").files["out.json"])
            for item in described.get("results", [described]):
                if item["kind"] == "backend" and item["arguments"]:
                    arguments[name] = {argument: item.get("environment", {}).get(argument, []) for argument in item["arguments"]}
    return arguments


def main(lockstorm, everything):
    failures = Failures()
    arguments = arguments_of(lockstorm)
    failures.check(len(arguments) >= 13, "backends are missing:", sorted(arguments))
    turn = 0
    for backend, known in arguments.items():
        in_all_arguments(failures, lockstorm, backend, known)
        in_advice(failures, lockstorm, backend, known)
        for argument in known:
            for where, ways, least in ((in_native, NATIVE, 2), (in_json, JSON_VALUES, 1), (in_setting, SETTINGS, 1), (in_terragrunt, TERRAGRUNT, 1)):
                chosen = list(ways) if everything else [list(ways)[(turn + i * 7) % len(ways)] for i in range(least)]
                turn += 1
                if where is in_terragrunt and not everything and turn % 3 > 0:
                    continue  # it has three units to read
                for way in chosen:
                    with Folder(lockstorm) as folder:
                        where(failures, folder, backend, argument, way, ("terraform", "opentofu")[turn % 2])
    after_init(failures, lockstorm, arguments)
    elsewhere(failures, lockstorm)
    in_pipelines(failures, lockstorm)
    on_the_wire(failures, lockstorm)
    return failures.end(f"{sum(map(len, arguments.values()))} arguments of {len(arguments)} backends")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--all" in sys.argv))
