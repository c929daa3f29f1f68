locals {
  a = <<EOT
%{ if var.x }
EOT
}
