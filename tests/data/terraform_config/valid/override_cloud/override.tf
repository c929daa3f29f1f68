terraform {
  required_version = "~> 1.9"
  cloud {
    workspaces {
      name = "w"
    }
  }
}
