terrafrom {
  backend "s3" {}
}
