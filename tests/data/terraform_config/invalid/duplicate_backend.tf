terraform {
  backend "s3" {}
}
terraform {
  backend "gcs" {}
}
