# State in HCP Terraform, applied by CI jobs in local execution mode. `lockstorm audit examples/cloud` tells what
# the workspace's lock and the server's checks do for them.
terraform {
  required_version = ">= 1.5"

  cloud {
    organization = "acme"

    workspaces {
      name = "network"
    }
  }
}

resource "terraform_data" "network" {
  input = "10.0.0.0/16"
}
