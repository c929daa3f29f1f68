terraform {
  required_version = ">= 1.0"
  backend "s3" {
    bucket         = "production"
    key            = "a.tfstate"
    region         = "eu-central-1"
    dynamodb_table = "locks"
  }
}
