locals {
  a = merge({ x = 1 },
    { y = 2 }
}
