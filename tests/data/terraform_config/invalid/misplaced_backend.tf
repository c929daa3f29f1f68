# Beside the terraform block, not in it.
backend "s3" {
}
