terraform {
  required_version = ">= 1.6, < 2.0"
  cloud {
    organization = "o"
    workspaces {
      name = "w"
    }
  }
}
