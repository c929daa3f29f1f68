locals {
  a = (x ? y)
}
