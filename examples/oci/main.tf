# State in Oracle Cloud Object Storage.
terraform {
  required_version = ">= 1.12.0"

  backend "oci" {
    bucket    = "acme-terraform-state"
    namespace = "axacmetenancy"
    region    = "eu-frankfurt-1"
    key       = "network/terraform.tfstate"
  }
}

resource "terraform_data" "network" {
  input = "vpc-10-0-0-0"
}
