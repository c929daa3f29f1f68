terraform {
  backend "${var.type}" {}
}
