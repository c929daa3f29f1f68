terraform {
  state_store {}
}
