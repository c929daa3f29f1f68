terraform {
  backend "s3" {
    bucket = "a"
    key    = "b"
    bucket = null
  }
}
