// The texts behind a model's values: what a client has stored comes back byte by byte, while the model sees a
// state and a lock as the small values that it knows.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "models/state/lock_info.hpp"
#include "models/state/state_snapshot.hpp"

namespace lockstorm::wire {

/// What the text of a lock info says. [TF internal/states/statemgr/locker.go: LockInfo]
struct LockText {
  std::string id;
  std::string operation;
  std::string who;
};

/// Nothing: it is no JSON object with an "ID".
std::optional<LockText> parse_lock_text(std::string_view text);

/// What the text of a state says; nothing: it is no state.
struct StateText {
  std::string lineage;
  std::uint64_t serial = 0;
};
std::optional<StateText> parse_state_text(std::string_view text);

/// What a place holds, as `ModelServer::holds` has it; empty texts are left out.
nlohmann::ordered_json held(std::string_view state, std::string_view lock);

/// Values for one state and its lock. Two texts that follow each other have equal values iff they are equal;
/// an id that is neither the stored lock's nor the last one that was asked about is as good as any other.
class Contents {
 public:
  /// The value of a state that is written; the text becomes the stored one with `keep_state`.
  models::StateSnapshot state(std::string_view text);
  void keep_state(const models::StateSnapshot& value);
  /// The stored text, if that is its value.
  [[nodiscard]] const std::string& text_of(const models::StateSnapshot& value) const;

  models::LockInfo lock(std::string_view text);
  /// The same, where whatever is stored in the lock's place is a lock: what is no lock info is one with an id
  /// of its own.
  models::LockInfo lock_or_bytes(std::string_view text);
  models::LockId lock_id(std::string_view id);
  void keep_lock(const models::LockInfo& value);
  [[nodiscard]] const std::string& text_of(const models::LockInfo& value) const;

 private:
  template <class Value>
  struct Kept {
    Value value;
    std::string text;
  };
  std::uint16_t new_id();

  Kept<models::StateSnapshot> stored_state_, new_state_;
  Kept<models::LockInfo> stored_lock_, new_lock_;
  std::uint16_t writes_ = 0;
  std::uint16_t ids_ = 0;
};

}  // namespace lockstorm::wire
