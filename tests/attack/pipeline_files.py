"""CI files of each system in which one text stands wherever somebody can write one, for the tests that attack what is read from them."""
import json

STATE = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "k"\n  }\n}\n'


def secrets(canary, url):
    """What people do write into pipelines: credentials in variables, flags, URLs and scripts. Name of the file -> its text."""
    script = [f"export TF_HTTP_PASSWORD={canary} AWS_SECRET_ACCESS_KEY={canary}",
              f"terraform -chdir=infra init -backend-config=access_key={canary} '-backend-config=conn_str={url}' -backend-config=address={url}",
              f"terraform -chdir=infra plan -lock=false -var password={canary} -out=a.plan",
              f"TF_VAR_secret={canary} terraform -chdir=infra apply -auto-approve -var 'token={canary}' -var={url}",
              f"terraform -chdir=infra force-unlock -force 4d1f",
              f"curl -u ci:{canary} -X DELETE {url}",
              f"AWS_SECRET_ACCESS_KEY={canary} aws dynamodb delete-item --table-name t --endpoint-url {url}"]
    lines = "\n".join("          " + line for line in script)
    listed = "\n".join("    - " + json.dumps(line) for line in script)
    stepped = "\n".join("      sh " + json.dumps(line) for line in script)
    return {
        ".github/workflows/a.yml": f"on: push\nenv: {{TOKEN: {canary}, TF_CLI_ARGS_apply: '-var=p={canary}'}}\njobs:\n  apply:\n"
                                   f"    runs-on: ubuntu-latest\n    steps:\n      - uses: hashicorp/setup-terraform@v3\n"
                                   f"        with: {{cli_config_credentials_token: {canary}}}\n      - run: |\n{lines}\n",
        ".github/workflows/broken.yml": f"on: push\nenv: {{TOKEN: {canary}\n",
        ".gitlab-ci.yml": f"variables: {{TOKEN: {canary}, TF_HTTP_ADDRESS: '{url}'}}\napply:\n  script:\n{listed}\n",
        "azure-pipelines.yml": f"variables: {{token: {canary}}}\nsteps:\n" + "\n".join(f"- script: {json.dumps(line)}" for line in script) + "\n",
        "Jenkinsfile": f"pipeline {{\n  agent any\n  environment {{ TOKEN = '{canary}' }}\n  stages {{ stage('a') {{ steps {{\n{stepped}\n  }} }} }}\n}}\n",
        "atlantis.yaml": f"version: 3\nprojects: [{{dir: infra, workflow: w}}]\nworkflows:\n  w:\n    apply:\n      steps:\n"
                         f"      - env: {{name: TOKEN, value: {canary}}}\n" + "\n".join(f"      - run: {json.dumps(line)}" for line in script) + "\n",
    }


def poisoned(text):
    """The text in every name, key and command. Name of the file -> its text."""
    q = json.dumps(text)
    command = json.dumps("terraform -chdir=infra apply -auto-approve " + text)
    return {
        ".github/workflows/a.yml": f"name: {q}\non: {{push: {{branches: [{q}]}}, workflow_dispatch: {{inputs: {{{q}: {{type: choice, options: [{q}]}}}}}}}}\n"
                                   f"jobs:\n  {q}:\n    name: {q}\n    runs-on: {q}\n    environment: {q}\n    concurrency: {{group: {q}}}\n"
                                   f"    strategy: {{matrix: {{env: [{q}, b]}}}}\n    steps:\n      - name: {q}\n        run: {command}\n"
                                   f"      - run: terraform -chdir=infra force-unlock -force x\n        if: always()\n      - uses: {q}\n",
        ".gitlab-ci.yml": f"{q}:\n  stage: {q}\n  resource_group: {q}\n  environment: {q}\n  script: [{command}]\n  rules: [{{if: {q}}}]\n",
        "azure-pipelines.yml": f"name: {q}\nstages:\n- stage: a\n  displayName: {q}\n  jobs:\n  - deployment: b\n    displayName: {q}\n    environment: {q}\n"
                               f"    strategy: {{runOnce: {{deploy: {{steps: [{{script: {command}, displayName: {q}}}]}}}}}}\n",
        "atlantis.yaml": f"version: 3\nprojects: [{{name: {q}, dir: infra, workspace: {q}, workflow: {q}}}]\nworkflows:\n  {q}:\n    apply:\n      steps: [{{run: {command}}}]\n",
        "Jenkinsfile": f"pipeline {{\n  agent any\n  stages {{ stage({q}) {{ steps {{ lock({q}) {{ sh {command} }} }} }} }}\n}}\n",
        ".github/workflows/raw.yml": f"on: push\njobs:\n  {text}\n",
    }
