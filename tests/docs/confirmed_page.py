"""Prints docs/confirmed.md from what `lockstorm confirm --json RESULTS` found: confirmed_page.py RESULTS DATE."""
import collections
import json
import sys

KINDS = ("confirmed", "not reproduced", "different", "cannot be forced", "failed")


def group_of(scenario):
    """matrix/s3-lockfile/terraform/progress -> s3-lockfile; s3/lockfile/terraform/crash -> s3."""
    parts = scenario.split("/")
    return parts[1] if parts[0] == "matrix" else parts[0]


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    results = [result for result in document["results"] if result["outcome"] != "no tool"]
    version = document["tools"].get("terraform", "unknown")
    print(f"""# Confirmed on Terraform {version}

Counterexamples, forced on unmodified `terraform` processes against the models as servers ([how](confirm.md)), on {sys.argv[2]}. Written by
`scripts/confirmed`. Runs of OpenTofu are left out where there is no `tofu`.
""")
    groups = collections.defaultdict(collections.Counter)
    for result in results:
        groups[group_of(result["scenario"])][result["outcome"]] += 1
    print(row(["scenarios of", *KINDS]))
    print(row(["---"] * (len(KINDS) + 1)))
    for name in sorted(groups):
        print(row([name, *(groups[name][kind] or "" for kind in KINDS)]))
    total = collections.Counter(result["outcome"] for result in results)
    print(row(["**all**", *(f"**{total[kind]}**" if total[kind] else "" for kind in KINDS)]))
    tell_others(results)


def tell_others(results):
    reasons = collections.defaultdict(list)
    for result in results:
        if result["outcome"] in ("confirmed",):
            continue
        # What differs from run to run (ports, IDs) is no reason.
        why = result.get("why", "").split(": ")[0]
        reasons[(result["outcome"], why)].append(result["scenario"])
    print("\n## What was not confirmed, and why\n")
    for (outcome, why), scenarios in sorted(reasons.items()):
        names = sorted(set(scenarios))
        shown = ", ".join(f"`{name}`" for name in names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        print(f"- {outcome}, {len(scenarios)}: {why}. {shown}")


if __name__ == "__main__":
    main()
