# State in Alibaba Cloud OSS, lock and digest in TableStore.
terraform {
  required_version = ">= 1.5.0"

  backend "oss" {
    bucket              = "acme-terraform-state"
    prefix              = "network"
    region              = "cn-beijing"
    tablestore_endpoint = "https://acme-terraform.cn-beijing.ots.aliyuncs.com"
    tablestore_table    = "statelock"
  }
}

resource "terraform_data" "network" {
  input = "vpc-10-0-0-0"
}
