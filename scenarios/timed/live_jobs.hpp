// The CI system as a timed run knows it, instead of sets that have room for few jobs.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <variant>

#include "models/services/jobs.hpp"
#include "sim/forwarding_service.hpp"

namespace lockstorm::scenarios {

class LiveJobs final : public sim::ForwardingService {
 public:
  using StatusOf = std::function<models::Jobs::Status(sim::Slot)>;
  LiveJobs(std::shared_ptr<const sim::AnyService> model, StatusOf status)
      : ForwardingService(std::move(model)), status_(std::move(status)) {}

  Outcome apply(sim::ValuePool& pool, sim::ValueId value, sim::Slot caller, sim::ValueId request,
                unsigned alternative) const override {
    using models::Jobs;
    const sim::Who job = std::get<Jobs::QueryJob>(pool.get<Jobs::Request>(request)).job.absolute(caller);
    if (job.is_predecessor() || job.is_nobody())
      return ForwardingService::apply(pool, value, caller, request, alternative);
    return {value, pool.intern(Jobs::Response{status_(job.slot())}), 0};
  }
  [[nodiscard]] bool has_process_hooks() const override { return false; }

 private:
  StatusOf status_;
};

}  // namespace lockstorm::scenarios
