// A backend that is another one but for what a derived class overrides.
#pragma once

#include <memory>
#include <utility>

#include "models/terraform/backend.hpp"

namespace lockstorm::models {

class ForwardingBackend : public Backend {
 public:
  explicit ForwardingBackend(std::shared_ptr<const Backend> backend) : backend_(std::move(backend)) {}

  DoneResult configure(sim::Process& self) const override { return backend_->configure(self); }
  DoneResult open(sim::Process& self) const override { return backend_->open(self); }
  LockResult lock(sim::Process& self, const LockInfo& info) const override {
    return backend_->lock(self, info);
  }
  GetResult get(sim::Process& self) const override { return backend_->get(self); }
  DoneResult put(sim::Process& self, const StateSnapshot& snapshot,
                 const StateSnapshot& read) const override {
    return backend_->put(self, snapshot, read);
  }
  DoneResult unlock(sim::Process& self, const LockId& id) const override {
    return backend_->unlock(self, id);
  }
  [[nodiscard]] bool has_workspaces() const override { return backend_->has_workspaces(); }
  WorkspaceListing list_workspace(sim::Process& self) const override {
    return backend_->list_workspace(self);
  }
  DoneResult remove(sim::Process& self) const override { return backend_->remove(self); }
  LockInfo shown_lock(sim::Process& self) const override { return backend_->shown_lock(self); }
  LockInfo found_lock(sim::Process& self) const override { return backend_->found_lock(self); }
  DoneResult evict(sim::Process& self, const LockId& id) const override { return backend_->evict(self, id); }
  [[nodiscard]] bool evicts_by_command() const override { return backend_->evicts_by_command(); }
  DoneResult force_unlock(sim::Process& self, const LockId& id) const override {
    return backend_->force_unlock(self, id);
  }
  DoneResult outwait(sim::Process& self) const override { return backend_->outwait(self); }
  bool is_blocked(sim::Process& self) const override { return backend_->is_blocked(self); }
  DoneResult repair_digest(sim::Process& self) const override { return backend_->repair_digest(self); }

 protected:
  [[nodiscard]] const Backend& real() const { return *backend_; }

 private:
  std::shared_ptr<const Backend> backend_;
};

}  // namespace lockstorm::models
