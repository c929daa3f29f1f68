terraform {
  backend "remote" {
    hostname     = "app.terraform.io"
    organization = "acme"
    workspaces { prefix = "net-" }
  }
}
