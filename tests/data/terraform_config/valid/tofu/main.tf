terraform {
  backend "s3" {
    bucket         = "for-terraform"
    dynamodb_table = "locks"
  }
}
