terraform {
  bakend "s3" {
    bucket = "b"
    key    = "k"
  }
}
