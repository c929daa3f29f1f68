// A service that is another one but for what a derived class overrides.
#pragma once

#include <memory>
#include <utility>

#include "sim/service.hpp"

namespace lockstorm::sim {

class ForwardingService : public AnyService {
 public:
  explicit ForwardingService(std::shared_ptr<const AnyService> model) : model_(std::move(model)) {}
  [[nodiscard]] std::string_view name() const override { return model_->name(); }
  [[nodiscard]] bool is_local() const override { return model_->is_local(); }
  ValueId initial(ValuePool& pool) const override { return model_->initial(pool); }
  unsigned alternatives(const ValuePool& pool, ValueId value, Slot caller, ValueId request) const override {
    return model_->alternatives(pool, value, caller, request);
  }
  Outcome apply(ValuePool& pool, ValueId value, Slot caller, ValueId request,
                unsigned alternative) const override {
    return model_->apply(pool, value, caller, request, alternative);
  }
  [[nodiscard]] bool can_refuse() const override { return model_->can_refuse(); }
  ValueId refusal(ValuePool& pool, ValueId request, Refusal kind) const override {
    return model_->refusal(pool, request, kind);
  }
  [[nodiscard]] bool forbids(const ValuePool& pool, Slot caller, ValueId request) const override {
    return model_->forbids(pool, caller, request);
  }
  [[nodiscard]] std::vector<Asked> requests() const override { return model_->requests(); }
  ValueId process_ended(ValuePool& pool, ValueId value, Slot slot) const override {
    return model_->process_ended(pool, value, slot);
  }
  ValueId process_started(ValuePool& pool, ValueId value, Slot slot) const override {
    return model_->process_started(pool, value, slot);
  }
  ValueId process_paused(ValuePool& pool, ValueId value, Slot slot, bool paused) const override {
    return model_->process_paused(pool, value, slot, paused);
  }
  ValueId connection_lost(ValuePool& pool, ValueId value, Slot slot) const override {
    return model_->connection_lost(pool, value, slot);
  }
  [[nodiscard]] bool has_connections() const override { return model_->has_connections(); }
  [[nodiscard]] bool has_process_hooks() const override { return model_->has_process_hooks(); }
  ValueId tick(ValuePool& pool, ValueId value) const override { return model_->tick(pool, value); }
  ValueId settled(ValuePool& pool, ValueId value) const override { return model_->settled(pool, value); }
  [[nodiscard]] std::string operation(const ValuePool& pool, ValueId request) const override {
    return model_->operation(pool, request);
  }
  [[nodiscard]] RequestFacts about(const ValuePool& pool, Slot caller, ValueId request) const override {
    return model_->about(pool, caller, request);
  }
  [[nodiscard]] AnswerFacts told(const ValuePool& pool, Slot caller, ValueId request,
                                 ValueId response) const override {
    return model_->told(pool, caller, request, response);
  }
  [[nodiscard]] Route route(const ValuePool& pool, ValueId request, unsigned alternative) const override {
    return model_->route(pool, request, alternative);
  }
  [[nodiscard]] RanOut ran_out(const ValuePool& pool, ValueId before, Slot caller, ValueId request,
                               unsigned alternative, ValueId after) const override {
    return model_->ran_out(pool, before, caller, request, alternative, after);
  }
  [[nodiscard]] SlotSet holders(const ValuePool& pool, ValueId value) const override {
    return model_->holders(pool, value);
  }
  [[nodiscard]] SlotSet recorded_holders(const ValuePool& pool, ValueId value) const override {
    return model_->recorded_holders(pool, value);
  }
  [[nodiscard]] unsigned events_spent(const ValuePool& pool, ValueId value) const override {
    return model_->events_spent(pool, value);
  }
  [[nodiscard]] std::string_view counted_event() const override { return model_->counted_event(); }

 private:
  std::shared_ptr<const AnyService> model_;
};

}  // namespace lockstorm::sim
