# Runs with whatever version is on the old build machine.
terraform {
  required_version = ">= 1.5"
  backend "s3" {
    bucket = "acme-states"
    key    = "live/legacy"
    region = "eu-west-1"
  }
}
