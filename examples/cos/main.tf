# State in Tencent Cloud Object Storage; the backend locks whether it is asked to or not.
terraform {
  required_version = ">= 1.5.0"

  backend "cos" {
    region = "ap-guangzhou"
    bucket = "acme-terraform-1258798060"
    prefix = "network"
  }
}

resource "terraform_data" "network" {
  input = "vpc-10-0-0-0"
}
