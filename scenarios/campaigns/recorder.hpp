// A backend that says which of its operations is going on.
#pragma once

#include <string_view>

#include "models/backends/forwarding_backend.hpp"

namespace lockstorm::scenarios {

/// As the tools' code names them.
namespace operation {
inline constexpr std::string_view kConfigure = "Configure";
inline constexpr std::string_view kStateMgr = "StateMgr";
inline constexpr std::string_view kLock = "Lock";
inline constexpr std::string_view kGet = "Get";
inline constexpr std::string_view kPut = "Put";
inline constexpr std::string_view kUnlock = "Unlock";
inline constexpr std::string_view kForceUnlock = "force-unlock";
inline constexpr std::string_view kWorkspaces = "Workspaces";
inline constexpr std::string_view kDeleteWorkspace = "DeleteWorkspace";
}  // namespace operation

/// For processes that live only once (the simulator's): an operation that is skipped because its result is
/// remembered would not be seen.
class Recorder final : public models::ForwardingBackend {
 public:
  using ForwardingBackend::ForwardingBackend;

  /// The operation whose calls are being made; empty between operations.
  [[nodiscard]] std::string_view operation() const { return operation_; }

  models::DoneResult configure(sim::Process& self) const override {
    const During during(*this, operation::kConfigure);
    return real().configure(self);
  }
  models::DoneResult open(sim::Process& self) const override {
    const During during(*this, operation::kStateMgr);
    return real().open(self);
  }
  models::LockResult lock(sim::Process& self, const models::LockInfo& info) const override {
    const During during(*this, operation::kLock);
    return real().lock(self, info);
  }
  models::GetResult get(sim::Process& self) const override {
    const During during(*this, operation::kGet);
    return real().get(self);
  }
  models::DoneResult put(sim::Process& self, const models::StateSnapshot& snapshot,
                         const models::StateSnapshot& read) const override {
    const During during(*this, operation::kPut);
    return real().put(self, snapshot, read);
  }
  models::DoneResult unlock(sim::Process& self, const models::LockId& id) const override {
    const During during(*this, operation::kUnlock);
    return real().unlock(self, id);
  }
  models::WorkspaceListing list_workspace(sim::Process& self) const override {
    const During during(*this, operation::kWorkspaces);
    return real().list_workspace(self);
  }
  models::DoneResult remove(sim::Process& self) const override {
    const During during(*this, operation::kDeleteWorkspace);
    return real().remove(self);
  }
  models::DoneResult evict(sim::Process& self, const models::LockId& id) const override {
    const During during(*this, operation::kForceUnlock);
    return real().evict(self, id);
  }
  models::DoneResult force_unlock(sim::Process& self, const models::LockId& id) const override {
    const During during(*this, operation::kForceUnlock);
    return real().force_unlock(self, id);
  }

 private:
  class During {
   public:
    During(const Recorder& recorder, std::string_view operation) : recorder_(recorder) {
      recorder_.operation_ = operation;
    }
    ~During() { recorder_.operation_ = {}; }
    During(const During&) = delete;
    During& operator=(const During&) = delete;

   private:
    const Recorder& recorder_;
  };

  mutable std::string_view operation_;
};

}  // namespace lockstorm::scenarios
