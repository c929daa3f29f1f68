terraform {
  cloud {}
  state_store "foo" {
  }
}
