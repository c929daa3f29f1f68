locals {
  a "x"
  b = 1
}
