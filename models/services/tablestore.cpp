// Transitions of the two rows; texts are in tablestore_text.cpp.
#include "models/services/tablestore.hpp"

#include <array>

#include "checkers/tags.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {
namespace {

using Response = TableStore::Response;
using Status = TableStore::Status;
using Expect = TableStore::Expect;

bool meets(Expect expect, bool exists) {
  return expect == Expect::ignore || (expect == Expect::exist) == exists;
}

class Transition {
 public:
  explicit Transition(TableStore::Value& value) : value_(value) {}

  sim::Effect<Response> operator()(const TableStore::DescribeTable&) { return {}; }

  sim::Effect<Response> operator()(const TableStore::PutLock& put) {
    const bool exists = !value_.lock.empty();
    if (!meets(put.expect, exists)) return failed();
    const bool foreign = exists && value_.lock.id != put.info.id;
    value_.lock = put.info;
    return touched(foreign);
  }

  sim::Effect<Response> operator()(const TableStore::PutDigest& put) {
    if (put.compares != 0 && value_.digest != put.expected) return failed();
    value_.digest = put.digest;
    return {};
  }

  sim::Effect<Response> operator()(const TableStore::GetRow& get) {
    Response response;
    response.is_read = 1;
    if (get.row == TableStore::Row::lock)
      response.lock = value_.lock;
    else
      response.digest = value_.digest;
    return {response, 0};
  }

  sim::Effect<Response> operator()(const TableStore::DeleteLock& remove) {
    const bool exists = !value_.lock.empty();
    if (!meets(remove.expect, exists)) return failed();
    const bool foreign = exists && value_.lock.id != remove.intended;
    value_.lock = {};
    return touched(foreign);
  }

  sim::Effect<Response> operator()(const TableStore::DeleteDigest& remove) {
    if (!meets(remove.expect, value_.digest.exists())) return failed();
    value_.digest = {};
    return {};
  }

 private:
  static sim::Effect<Response> failed() { return {{Status::condition_check_fail, {}, {}}, 0}; }
  static sim::Effect<Response> touched(bool foreign) {
    return {{}, foreign ? sim::Tags{checkers::kTouchesForeignLock} : sim::Tags{0}};
  }

  TableStore::Value& value_;
};

}  // namespace

sim::Effect<Response> TableStore::apply(Value& value, sim::Slot, const Request& request) const {
  return std::visit(Transition(value), request);
}

Response TableStore::refuse(const Request&, sim::Refusal kind) {
  if (kind == sim::Refusal::forbidden) return {Status::no_permission_access, {}, {}};
  return {kind == sim::Refusal::throttled ? Status::server_busy : Status::internal_server_error, {}, {}};
}

sim::SlotSet TableStore::holders(const Value& value) const {
  return value.lock.empty() ? sim::SlotSet{0} : sim::only(value.lock.id.owner);
}

std::string_view TableStore::operation(const Request& request) {
  constexpr auto kNames =
      sim::text_for_each<Request>({"DescribeTable", "PutRow", "PutRow", "GetRow", "DeleteRow", "DeleteRow"});
  return kNames[request.index()];
}

}  // namespace lockstorm::models
