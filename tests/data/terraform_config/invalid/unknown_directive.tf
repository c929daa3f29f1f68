locals {
  a = "%{ unless x }1%{ endif }"
}
