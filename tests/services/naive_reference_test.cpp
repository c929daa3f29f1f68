// Service models against references too simple to be wrong, on random sequences of requests.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>

#include "models/services/dynamodb.hpp"
#include "models/services/gcs.hpp"
#include "models/services/s3.hpp"

namespace lockstorm::models {
namespace {

template <class T>
T below(T bound) {
  return *rc::gen::resize(100, rc::gen::inRange<T>(0, bound));
}

StateSnapshot some_state() {
  StateSnapshot state;
  if (below(4) == 0) return state;
  state.lineage = state.writer = sim::Who::process(static_cast<sim::Slot>(below(3)));
  state.serial = static_cast<std::uint8_t>(1 + below(3));
  return state;
}
LockInfo some_lock() {
  return {{sim::Who::process(static_cast<sim::Slot>(below(3))), static_cast<std::uint16_t>(below(2))},
          LockOperation::apply};
}
sim::Slot somebody() { return static_cast<sim::Slot>(below(3)); }

// An object of a store: nothing, or what was put last. RFC 9110: If-None-Match: * fails where there is one,
// If-Match where there is none or another.
template <class T>
struct Object {
  std::optional<T> content;
  S3::Status put(S3::Condition condition, const T& body, const T& etag) {
    if (condition == S3::Condition::if_none_match_any && content) return S3::Status::precondition_failed;
    if (condition == S3::Condition::if_match && !content) return S3::Status::not_found;
    if (condition == S3::Condition::if_match && *content != etag) return S3::Status::precondition_failed;
    content = body;
    return S3::Status::ok;
  }
};

RC_GTEST_PROP(NaiveReference, S3PutsGetsAndDeletes, ()) {
  const S3 s3;
  S3::Value value = s3.initial();
  Object<StateSnapshot> state;
  Object<LockInfo> lock;
  const int requests = below(30);
  for (int i = 0; i < requests; ++i) {
    const auto send = [&](const S3::Request& request) {
      const unsigned ways = s3.alternatives(value, request);
      RC_ASSERT(ways == 1U);
      return s3.apply(value, somebody(), request, 0).response;
    };
    switch (below(6)) {
      case 0: {
        StateSnapshot body = some_state();
        if (!body.exists()) body.serial = 1, body.lineage = body.writer = sim::Who::process(0);
        const StateSnapshot etag = some_state();
        const auto condition = static_cast<S3::Condition>(below(3));
        RC_PRE(condition != S3::Condition::if_match || etag.exists());
        RC_ASSERT(send(S3::PutState{body, etag, condition}).status == state.put(condition, body, etag));
        break;
      }
      case 1: {
        const LockInfo body = some_lock();
        const auto condition = static_cast<S3::Condition>(below(2));
        RC_ASSERT(send(S3::PutLock{body, condition}).status == lock.put(condition, body, {}));
        break;
      }
      case 2: {
        const S3::Response got = send(S3::GetObject{S3::Object::state});
        RC_ASSERT(got.status == (state.content ? S3::Status::ok : S3::Status::not_found));
        if (state.content) RC_ASSERT(got.state == *state.content);
        break;
      }
      case 3: {
        const S3::Response got = send(S3::GetObject{S3::Object::lockfile});
        RC_ASSERT(got.status == (lock.content ? S3::Status::ok : S3::Status::not_found));
        if (lock.content) RC_ASSERT(got.lock == *lock.content);
        break;
      }
      case 4:
        RC_ASSERT(send(S3::DeleteLock{some_lock().id, {}, S3::Condition::none}).status ==
                  S3::Status::no_content);
        lock.content.reset();
        break;
      default:
        RC_ASSERT(send(S3::DeleteState{}).status == S3::Status::no_content);
        state.content.reset();
    }
  }
}

RC_GTEST_PROP(NaiveReference, DynamoDbConditions, ()) {
  const DynamoDb dynamodb;
  DynamoDb::Value value = dynamodb.initial();
  std::optional<LockInfo> item;
  const int requests = below(30);
  for (int i = 0; i < requests; ++i) {
    const auto send = [&](const DynamoDb::Request& request) {
      return dynamodb.apply(value, somebody(), request, 0).response;
    };
    const LockInfo info = some_lock();
    switch (below(4)) {
      case 0: {
        const bool fails = item.has_value();
        const auto status = send(DynamoDb::PutLock{info, DynamoDb::Condition::attribute_not_exists}).status;
        RC_ASSERT((status == DynamoDb::Status::conditional_check_failed) == fails);
        if (!fails) item = info;
        break;
      }
      case 1:
        RC_ASSERT(send(DynamoDb::PutLock{info, DynamoDb::Condition::none}).status == DynamoDb::Status::ok);
        item = info;
        break;
      case 2: {
        const auto condition =
            below(2) == 0 ? DynamoDb::Condition::none : DynamoDb::Condition::info_unchanged;
        const bool fails = condition == DynamoDb::Condition::info_unchanged && (!item || *item != info);
        const auto status = send(DynamoDb::DeleteLock{info.id, info, condition}).status;
        RC_ASSERT((status == DynamoDb::Status::conditional_check_failed) == fails);
        if (!fails) item.reset();
        break;
      }
      default:
        RC_ASSERT(send(DynamoDb::GetItem{DynamoDb::Item::lock, 1}).lock == item.value_or(LockInfo{}));
    }
  }
}

RC_GTEST_PROP(NaiveReference, GcsGenerations, ()) {
  const Gcs gcs;
  Gcs::Value value = gcs.initial();
  std::uint16_t generation = 0;
  std::uint16_t metageneration = 0;
  std::uint16_t made = 0;
  const int requests = below(30);
  for (int i = 0; i < requests; ++i) {
    const auto send = [&](const Gcs::Request& request) {
      return gcs.apply(value, somebody(), request).response;
    };
    Gcs::Match match;
    if (below(2) == 0) match.generation = static_cast<std::uint16_t>(below(4));
    if (match.generation != Gcs::Match::kAbsent && below(3) == 0)
      match.metageneration = static_cast<std::uint16_t>(1 + below(2));
    const bool holds = (match.generation == Gcs::Match::kAny || match.generation == generation) &&
                       (match.metageneration == Gcs::Match::kAny || match.metageneration == metageneration);
    switch (below(4)) {
      case 0: {
        const Gcs::Response answer = send(Gcs::InsertLock{some_lock(), match});
        RC_ASSERT((answer.status == Gcs::Status::ok) == holds);
        if (!holds) break;
        generation = ++made;
        metageneration = 1;
        RC_ASSERT(answer.generation == generation);
        break;
      }
      case 1: {
        const auto status = send(Gcs::DeleteLock{match}).status;
        if (generation == 0) {
          RC_ASSERT(status == Gcs::Status::not_found);
        } else {
          RC_ASSERT(status == (holds ? Gcs::Status::no_content : Gcs::Status::precondition_failed));
          if (holds) generation = metageneration = 0;
        }
        break;
      }
      case 2: {
        const auto status = send(Gcs::PatchLock{match}).status;
        if (generation != 0 && holds) ++metageneration;
        RC_ASSERT((status == Gcs::Status::ok) == (generation != 0 && holds));
        break;
      }
      default: {
        const Gcs::Response answer = send(Gcs::GetAttributes{Gcs::Object::lock});
        RC_ASSERT(answer.generation == generation && answer.metageneration == metageneration);
      }
    }
  }
}

}  // namespace
}  // namespace lockstorm::models
