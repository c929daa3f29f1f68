terraform {
  backend "gcs" {
    prefix = "a\q
