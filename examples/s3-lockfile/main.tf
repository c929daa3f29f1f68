# State in S3, locked by a file beside it.
terraform {
  required_version = ">= 1.10.0"

  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "network/terraform.tfstate"
    region       = "eu-central-1"
    use_lockfile = true
    encrypt      = true
  }
}

resource "terraform_data" "network" {
  input = "vpc-10-0-0-0"
}
