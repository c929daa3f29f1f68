terraform {
  required_version = ">= 1.5"
  backend "s3" {
    bucket       = "acme-state"
    key          = "network.tfstate"
    use_lockfile = true
  }
}
