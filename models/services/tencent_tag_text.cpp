// How requests to the tag service and its answers read in reports.
#include <array>

#include "models/services/contents.hpp"
#include "models/services/facts.hpp"
#include "models/services/tencent_tag.hpp"
#include "sim/one_for_each.hpp"

namespace lockstorm::models {

std::string TencentTag::CreateTag::describe(const sim::ProcessNames&) const { return "CreateTag"; }
std::string TencentTag::DescribeTags::describe(const sim::ProcessNames&) const { return "DescribeTags"; }
std::string TencentTag::DeleteTag::describe(const sim::ProcessNames&) const { return "DeleteTag"; }

std::string TencentTag::Response::describe(const sim::ProcessNames&) const {
  switch (status) {
    case Status::ok:
      if (is_read == 0) return "ok";
      return listed != 0 ? "it exists" : "no such tag";
    case Status::duplicate:
      return "TagDuplicate";
    case Status::unauthorized_operation:
      return "UnauthorizedOperation";
    case Status::not_found:
      return "TagNonExist";
    case Status::request_limit_exceeded:
      return "RequestLimitExceeded";
    case Status::internal_error:
      return "InternalError";
  }
  return "";
}

std::string TencentTag::Value::describe(const sim::ProcessNames&) const {
  return contents_text({{"tag", exists != 0 ? "exists" : "none"}});
}

sim::RequestFacts TencentTag::about(const Request& request) {
  constexpr auto kFacts = sim::one_for_each<Request, sim::RequestFacts>({
      {"tag", sim::LockUse::asks},
      {"tag", sim::LockUse::looks},
      {"tag", sim::LockUse::releases},
  });
  return kFacts[request.index()];
}

sim::AnswerFacts TencentTag::told(const Request&, const Response& response) {
  Response bare;
  bare.status = response.status;
  return {status_text(bare), response.status != Status::ok, {}, {}};
}

}  // namespace lockstorm::models
