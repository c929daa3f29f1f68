terraform {
  required_version = ">= 1.10"
  backend "s3" {
    bucket       = "acme-states"
    key          = "live/app"
    region       = "eu-west-1"
    use_lockfile = true
  }
}
