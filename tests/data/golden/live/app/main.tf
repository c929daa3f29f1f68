terraform {
  required_version = "~> 1.11"

  backend "s3" {
    bucket = "acme-state"
    key    = "app/terraform.tfstate"
    region = "eu-central-1"
  }
}
