locals {
  é = "é" /* never closed
}
