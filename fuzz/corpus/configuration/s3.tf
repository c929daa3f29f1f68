terraform {
  backend "s3" {
    bucket = "b"
    key = format("%s", var.k)
    dynamodb_table = "t-${local.env}"
    use_lockfile = true
    sse_customer_key = var.key
    assume_role = { role_arn = "a" }
  }
}
