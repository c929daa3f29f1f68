"""Random valid scenarios over every key of the format go through verify, hunt, simulate, replay and certify:

- nothing aborts, and no command takes another's answer back: what verify proved, hunt and simulate do not violate
- every `violated` has a counterexample, and its replay violates the same property
- a certificate of what was explored completely is confirmed

    valid_scenarios.py LOCKSTORM [--count N] [--minutes M] [--seed S] [--keep DIRECTORY]

A scenario that fails is kept in DIRECTORY (default: build/attack below the current one)."""
import argparse
import collections
import json
import pathlib
import random
import sys
import time

from command import Failures, Folder
from scenario_format import Format

# Small worlds, so that most are explored completely in a second or two.
LIMITS = ("--memory", "96M", "--jobs", "2")
MOST = {"count": 4, "runs": 2, "resources": 2, "force_unlock": 1, "ticks": 3}

# What is refused is drawn again; a format that has left the generator behind shows as draws without end.
MOST_DRAWS = 40


class Generator:
    def __init__(self, form, seed):
        self.form, self.random = form, random.Random(seed)
        self.used = collections.Counter()

    def value(self, key, kind):
        r = self.random
        if kind == "flag":
            return r.choice(("true", "false"))
        if kind == "duration":
            return r.choice(("0s", "10s", "1m", "1h30m", "500ms"))
        if isinstance(kind, tuple) and kind[0] == "one":
            return r.choice(kind[1])
        if isinstance(kind, tuple):
            low, high = kind[1], min(kind[2], MOST.get(key, kind[1] + 2))
            return str(r.randint(low, max(low, high)))
        return r.choice(('"true"', "name", '"a b"'))

    def some(self, keys, most, where):
        chosen = self.random.sample(sorted(keys), min(len(keys), self.random.randint(0, most)))
        for key in chosen:
            self.used[f"{where}.{key}"] += 1
        return {key: self.value(key, keys[key]) for key in chosen}

    def client(self, jobs, simple):
        r = self.random
        keys = dict(self.form.sections["client"])
        for own in ("count", "command", "migrate_to", "migrated", "removes"):
            keys.pop(own, None)
        client = self.some(keys, 2 if simple else 3, "client")
        client["count"] = str(jobs)
        names = self.form.commands
        if r.random() < 0.75:
            commands = r.sample(names, r.choice((1, 1, 1, 2)))
            if commands[0].startswith("state push"):
                commands.insert(0, "state pull")
            client["command"] = f'[{", ".join(json.dumps(name) for name in commands)}]' if len(commands) > 1 else json.dumps(commands[0])
            for name in commands:
                self.used["command." + name] += 1
            if any(name.startswith("init -migrate-state") for name in commands):
                target = r.choice(self.form.backend_types)
                client["migrate_to"] = self.mapping({"type": target, **self.some(self.form.backends[target]["backend"], 1, target)})
        if r.random() < 0.1:
            client["removes"] = f'[{int(client.get("resources", 1)) + 1}]'
        return client

    @staticmethod
    def mapping(pairs):
        return "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"

    def text(self):
        r = self.random
        backend = r.choice(self.form.backend_types)
        self.used["backend." + backend] += 1
        dials, store = self.form.backends[backend]["backend"], self.form.backends[backend]["store"]
        lines = ["backend: " + self.mapping({"type": backend, **self.some(dials, 3, backend)})]
        jobs = r.choice((1, 1, 2, 2, 2, 3, 4))
        if jobs > 1 and r.random() < 0.3:
            first = r.randint(1, jobs - 1)
            fleets = [self.client(first, True), self.client(jobs - first, True)]
            if "migrate_to" in fleets[0] and r.random() < 0.5:
                fleets[1]["migrated"] = "true"
            lines.append(f'client: [{", ".join(map(self.mapping, fleets))}]')
        else:
            lines.append("client: " + self.mapping(self.client(jobs, False)))
        if "workspace" in dials and '"workspace ' in lines[-1] and "workspace: " not in lines[0]:
            lines[0] = lines[0][:-1] + ", workspace: name}"
        if store and r.random() < 0.4:
            lines.append("store: " + self.mapping(self.some(store, 2, backend + ".store")))
        faults = self.form.sections["faults"]
        if r.random() < 0.7:
            chosen = r.sample(sorted(faults), r.choice((1, 1, 2)) if jobs < 3 else 1)
            for key in chosen:
                self.used["faults." + key] += 1
            lines.append("faults: " + self.mapping({key: "1" for key in chosen}))
        if r.random() < 0.25:
            lines.append("operator: " + self.mapping({"force_unlock": "1", **self.some({k: v for k, v in self.form.sections["operator"].items() if k != "force_unlock"}, 1, "operator")}))
        if r.random() < 0.15:
            lines.append("time: " + self.mapping(self.some({k: v for k, v in self.form.sections["time"].items() if k in ("ticks", "urgent")}, 2, "time")))
        if r.random() < 0.3:
            lines.append("initial_state: " + r.choice(("empty", "existing", "{resources: 1}")))
        if r.random() < 0.15:
            lines.append(f'check: [{r.choice(self.form.properties)}]')
        return "\n".join(lines) + "\n"


def results_of(ended):
    try:
        return json.loads(ended.files.get("out.json", b"{}"))
    except ValueError:
        return {}


class Campaign:
    def __init__(self, lockstorm, seed, keep):
        self.lockstorm, self.keep = lockstorm, pathlib.Path(keep)
        self.failures, self.verdicts = Failures(), collections.Counter()
        with Folder(lockstorm) as folder:
            self.form = Format(folder)
        self.generator = Generator(self.form, seed)
        self.refused = self.runs = 0

    def one(self):
        for _ in range(MOST_DRAWS):
            if self.drawn():
                return
        self.check(False, MOST_DRAWS, "scenarios in a row were refused")

    def drawn(self):
        """Whether the scenario that was drawn is a valid one; then all of it has been checked."""
        text = self.generator.text()
        accepted = True
        before = self.failures.count
        with Folder(self.lockstorm) as folder:
            folder.write("s.yaml", text)
            accepted = self.judge(folder)
        if self.failures.count > before:
            self.keep.mkdir(parents=True, exist_ok=True)
            file = self.keep / f"scenario-{self.failures.count}.yaml"
            file.write_text(text)
            print(f"kept as {file}:\n{text}")
        return accepted

    def check(self, good, *what):
        self.failures.check(good, *what)

    def ran(self, folder, *words):
        self.runs += 1
        ended = folder.run(*words, seconds=300)
        self.check(not ended.aborted, ended)
        return ended

    def judge(self, folder):
        """Whether the scenario in s.yaml was accepted."""
        verified = self.ran(folder, "verify", "s.yaml", *LIMITS, "--json", "out.json", "--certificate", "out.cert")
        if verified.status == 65:
            # An incomplete search certifies nothing; then the answer is asked for without a certificate.
            verified = self.ran(folder, "verify", "s.yaml", *LIMITS, "--json", "out.json")
        if verified.status == 65:
            self.refused += 1
            return False
        result = results_of(verified)
        self.verdicts[result.get("verdict")] += 1
        properties = {name: entry["verdict"] for name, entry in result.get("properties", {}).items()}
        complete = result.get("explored", {}).get("complete", False)
        told = {example["property"]: example for example in result.get("counterexamples", [])}
        for name, verdict in properties.items():
            if verdict == "violated":
                self.check(name in told, "verify:", name, "is violated without a counterexample")
        for name, example in told.items():
            self.check(example["steps"], "verify:", name, "has a story of no steps")
            replayed = self.ran(folder, "replay", example["replay"], "--scenario", "s.yaml", "--json", "out.json")
            again = results_of(replayed).get("properties", {})
            # What shows only in all futures together (progress) is not in one run.
            self.check(replayed.status in (0, 1, 2), "replay of", name, replayed)
            self.check(name not in again or again[name]["verdict"] == "violated" or name == "progress", "replay of", name, "is", again.get(name))
        hunted = self.ran(folder, "hunt", "s.yaml", "--runs", "300", "--jobs", "1", "--json", "out.json")
        simulated = self.ran(folder, "simulate", "s.yaml", "--seed", str(self.runs), "--json", "out.json")
        for ended in (hunted, simulated):
            for name, entry in results_of(ended).get("properties", {}).items():
                if entry["verdict"] == "violated" and complete and name in properties:
                    self.check(properties[name] == "violated", ended.words[0], "violates", name, "which verify says is", properties[name])
        if hunted.status == 1:
            found = results_of(hunted)
            names = [n for n, e in found.get("properties", {}).items() if e["verdict"] == "violated"]
            self.check(all(any(c["property"] == n for c in found["counterexamples"]) for n in names), "hunt: violated without a counterexample", names)
        if "out.cert" in verified.files:
            folder.write("c.cert", verified.files["out.cert"])
            certified = self.ran(folder, "certify", "c.cert", *LIMITS)
            self.check(certified.status == 0, "certify", certified, certified.out)
        return True

    def unused(self):
        keys = [f"{b}.{k}" for b, s in self.form.backends.items() for k in s["backend"]]
        keys += [f"{b}.store.{k}" for b, s in self.form.backends.items() for k in s["store"]]
        keys += ["faults." + k for k in self.form.sections["faults"]] + ["command." + c for c in self.form.commands]
        return [key for key in keys if not self.generator.used[key]]

    def end(self):
        accepted = sum(self.verdicts.values())
        return self.failures.end(f"{accepted} scenarios ({dict(self.verdicts)}), {self.refused} refused, {self.runs} runs; "
                                 f"{len(self.unused())} keys not drawn")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("lockstorm")
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", default="build/attack")
    options = parser.parse_args()
    campaign = Campaign(options.lockstorm, options.seed, options.keep)
    end = time.monotonic() + 60 * options.minutes
    done = 0
    while done < options.count or time.monotonic() < end:
        campaign.one()
        done += 1
    return campaign.end()


if __name__ == "__main__":
    sys.exit(main())
