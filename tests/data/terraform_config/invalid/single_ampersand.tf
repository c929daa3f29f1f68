locals {
  a = x & y
}
