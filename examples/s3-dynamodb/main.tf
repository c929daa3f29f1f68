# The classic remote state set-up: state in S3, lock and digest in DynamoDB.
terraform {
  required_version = ">= 1.5.0"

  backend "s3" {
    bucket         = "acme-terraform-state"
    key            = "network/terraform.tfstate"
    region         = "eu-central-1"
    dynamodb_table = "acme-terraform-locks"
    encrypt        = true
  }
}

resource "terraform_data" "network" {
  input = "vpc-10-0-0-0"
}
