terraform {
  required_version = ">= 1.10"
  backend "s3" {
    bucket = "acme-states"
    key    = "live/data"
    region = "eu-west-1"
  }
}
