locals {
  a = "x${var.a"
}
