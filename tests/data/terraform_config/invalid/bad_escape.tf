locals {
  a = "C:\state"
}
