terraform {
  backend = "s3"
}
