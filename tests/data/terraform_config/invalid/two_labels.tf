terraform {
  backend "s3" "state" {}
}
