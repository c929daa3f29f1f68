terraform {
  cloud {}
  backend "s3" {}
}
