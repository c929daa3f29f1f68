locals {
  a = "%{ if var.x }${"%{ endif }"}"
}
