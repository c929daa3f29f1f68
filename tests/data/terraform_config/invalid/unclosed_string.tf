locals {
  a = "unclosed
}
