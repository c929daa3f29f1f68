terraform {
  required_version = ">= 1.5"

  backend "pg" {
    conn_str    = "postgres://db.example.com/terraform_backend"
    schema_name = "network"
  }
}
