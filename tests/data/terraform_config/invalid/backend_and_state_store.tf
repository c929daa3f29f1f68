terraform {
  state_store "foo" {
    provider "x" {}
  }
  backend "s3" {}
}
