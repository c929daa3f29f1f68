terraform {
  backend "local" { # c
    path = "wïn.tfstate"
    note = <<EOT
one
EOT
    ü = /* � no UTF-8 */ bad(
      1)
  }
}
// no newline at the end