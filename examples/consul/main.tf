# A shared team state in Consul. `lockstorm audit examples/consul` tells what happens to it when a runner
# freezes, is killed or loses messages.
terraform {
  required_version = ">= 1.5"

  backend "consul" {
    address = "consul.example.com:8501"
    scheme  = "https"
    path    = "terraform/network"
    gzip    = true
  }
}

resource "terraform_data" "network" {
  input = "10.0.0.0/16"
}
