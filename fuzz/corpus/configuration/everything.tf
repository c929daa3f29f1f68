# A configuration that uses every construct of HCL's native syntax.
// The state lives in S3; /* this is no comment */ "nor is this a string"
/* An inline comment
   over "several ${lines}" { [ ( */
terraform {
  required_version = ">= 1.5.0, < 2.0.0" # a trailing comment

  required_providers {
    aws   = { source = "hashicorp/aws", version = "~> 5.0" }
    tls   = { source : "hashicorp/tls", version : "4.0.5" }
    random = {
      source  = "hashicorp/random" // newline ends the item
      version = "3.6.0",           // so does a comma, and both

    }
  }

  backend "s3" {
    bucket               = "acme-state"
    key                  = "network/${terraform.workspace}/terraform.tfstate"
    region               = var.region
    encrypt              = true
    use_lockfile         = (false)
    max_retries          = 5
    skip_region          = /* why not */ "tr\u00fce" /* here */ # and here
    kms_key_id           = null
    profile              = lookup({ a = "x" }, "a", "b")
    workspace_key_prefix = "envs"
    assume_role = {
      role_arn = "arn:aws:iam::123456789012:role/state"
      tags     = { "k:v" = "1" }
    }
    allowed_account_ids = [
      "123456789012", # the only one
      "210987654321",
    ]
  }
}

provider "aws" { region = var.region }
provider aws {
  alias = "bare-label"
}

locals {}
locals { one-line = 1 }

locals {
  empty_tuple     = []
  empty_object    = {}
  numbers         = [0, 1.5, 1e5, 1.5E-3, 2e+10, -1, - -1]
  arithmetic      = 1 + 2 * 3 - 4 / 5 % 6
  logic           = !var.a && var.b || var.c == var.d && var.e != var.f
  compared        = 1 < 2 && 2 <= 3 && 4 > 3 && 4 >= 4
  chained         = var.a ? "a" : var.b ? "b" : var.c ? "c" : "d"
  nested          = var.a ? var.b ? "ab" : "a" : "none"
  identifier-dash = local.with-dash-too
  größe           = local.ключ.値

  parenthesised = (
    var.a
    + # a comment where a newline is space
    var.b
  )
  over_lines = [
    for k, v in {
      a = 1
      b : 2, c = 3
    } :
    "${k}=${v}"
    if v != 2
  ]
  as_object = { for s in var.list : upper(s) => s... if s != "" }
  grouped = {
    for k, v in var.map :
    k => v
  }
  key_kinds = {
    bare          = 1
    "quoted"      = 2
    "${var.t}-x"  = 3
    (var.k)       = 4
    5             = 5
    true          = 6
  }

  calls = [
    f(), f(1,), f(1, 2), f(var.list...), min(
      1,
      2,
    ),
    provider::aws::arn_parse("arn:x"), core::f (1),
  ]
  traversals = [
    a.b.c, a[0], a["k"].b, a.0.b, a.*.b.c, a.*.b.0, a[*].b[1].c, a[*], f(x)[0].y, { a = 1 }.a, [1, 2][0], "x"[0],
    a[
      b[c]
    ].d,
    a
    .b,
  ]
  for  = 1 # keywords are names elsewhere
  if   = local.for
  in   = { in = 1, if = 2 }
  null = 1
}

resource "null_resource" "templates" {
  plain     = "no template: $ % $5 100% {x} $$ %%"
  escaped   = "literal $${var.x} and %%{ if } stay"
  three     = "$$${x}"
  quotes    = "say \"${var.who == "root" ? "hello, \"${upper("root")}\"" : "go"}\"!"
  deep      = "${"${"${"${"bottom"}"}"}"}"
  trimmed   = "a ${~ var.b ~} c"
  over      = "${
    var.long # comment inside an interpolation }
  }"
  braces    = "${jsonencode({ a = { b = "}" } })}"
  directive = "%{ if var.a }yes%{ else }no%{ endif }"
  loop      = "%{ for k, v in var.map ~}${k}=%{ if v }1%{ else }${"%{ for x in v }${x}%{ endfor }"}%{ endif } %{~ endfor }"

  provisioner "local-exec" {
    command = <<-EOT
      #!/bin/sh
      set -eu
      for x in $LIST; do echo "$${x%%.*}"; done   # EOT is not the end here
      if [ "${var.mode}" = "fast" ]; then echo ${join(" ", [for s in var.list : "\"${s}\""])}; fi
      %{ if var.debug ~}
      env
      %{ else }
      true
      %{ endif }
        EOT_NOT_YET
      EOT
  }

  inner = [<<A
one } ] ) "
A
    , <<-B
    two ${<<C
three
C
    }
    B
  ]

  dynamic "setting" {
    for_each = toset(["a", "b"])
    content {
      name = setting.value
    }
  }
  lifecycle { ignore_changes = [tags["x"], tags] }
}

check "health" {
  data "http" "x" { url = "https://example.com/" }

  assert {
    condition     = data.http.x.status_code == 200
    error_message = "down"
  }
}
import {
  to = aws_s3_bucket.b["x"]
  id = "b"
}
