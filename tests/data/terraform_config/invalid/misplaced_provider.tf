terraform {
  provider "aws" {}
}
