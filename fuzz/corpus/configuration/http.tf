terraform {
  backend "http" {
    address = "https://u:p@h/${var.x}?a=b"
    lock_address = <<-EOT
      %{ if var.a }x%{ else }y%{ endif }
    EOT
    retry_max = "3"
  }
}
