terraform {
  required_version {}
}
