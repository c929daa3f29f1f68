locals {
  a = "\ud800"
}
