terraform {
  backend "s3" {
    bucket = "first override"
  }
}
