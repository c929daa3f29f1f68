// Mutants of operators: what a person removes is no longer the lock that was looked at. Between the look and
// the removal one job ends and another begins, so that it takes three to notice.
#include "bench/league/mutants.hpp"
#include "models/services/dynamodb.hpp"
#include "models/services/http_state.hpp"
#include "models/services/oracle_objects.hpp"

namespace lockstorm::league {
namespace {

using models::Backend;
using models::Done;
using models::DoneResult;
using models::DynamoDb;
using models::HttpState;
using models::LockId;
using models::OracleObjects;

constexpr std::uint16_t kJobs = 3;

// Looks again and removes what stands there by then, with its own id: whoever decided looked at another.
Mutation removes_what_it_sees_last() {
  return operators([](const Servers&) {
    ClientEdit edit;
    edit.evict = [](const Backend& real, sim::Process& self, const LockId&) -> DoneResult {
      const models::LockInfo now =
          self.scope<models::LockInfo>(models::scope_tag::shown_lock, [&] { return real.shown_lock(self); });
      return now.empty() ? DoneResult{Done::failed} : real.evict(self, now.id);
    };
    return edit;
  });
}

// One request by hand, which compares nothing: `answered` says whether it was done.
template <sim::Service S>
Mutation removes_by_hand(std::function<typename S::Request(const LockId&)> request,
                         std::function<bool(const typename S::Response&)> was_done) {
  return operators([request = std::move(request), was_done = std::move(was_done)](const Servers& servers) {
    ClientEdit edit;
    edit.evict = [server = servers.of<S>(), request, was_done](const Backend&, sim::Process& self,
                                                               const LockId& id) -> DoneResult {
      const auto reply = self.call(server, request(id));
      return {reply.answered() && was_done(*reply) ? Done::ok : Done::failed};
    };
    return edit;
  });
}

void add_looks_again(std::vector<Mutant>& all) {
  for (const auto& [name, control] :
       {std::pair{"kubernetes/operator-looks-again", "kubernetes/terraform/dead-holder"},
        std::pair{"azurerm/operator-looks-again", "azurerm/terraform/dead-holder"},
        std::pair{"http/operator-looks-again", "http/gitlab/opentofu/dead-holder"}})
    all.push_back({name,
                   "an operator looks again and removes the lock that stands there by then",
                   {control, kJobs},
                   removes_what_it_sees_last()});
}

}  // namespace

std::vector<Mutant> operator_mutants() {
  std::vector<Mutant> all;
  add_looks_again(all);
  all.push_back(
      {"oci/operator-deletes-by-hand",
       "an operator deletes the lock object without if-match",
       {"oci/dead-holder", kJobs},
       removes_by_hand<OracleObjects>(
           [](const LockId& id) { return OracleObjects::DeleteObject{id, OracleObjects::Object::lock, 0}; },
           [](const OracleObjects::Response& response) {
             return response.status == OracleObjects::Status::no_content;
           })});
  all.push_back(
      {"dynamodb/operator-deletes-by-hand",
       "an operator deletes the item without comparing Info",
       {"s3/dynamodb/opentofu/dead-holder", kJobs},
       removes_by_hand<DynamoDb>(
           [](const LockId& id) { return DynamoDb::DeleteLock{id, {}, DynamoDb::Condition::none}; },
           [](const DynamoDb::Response& response) { return response.status == DynamoDb::Status::ok; })});
  all.push_back({"http/operator-names-no-lock",
                 "an operator's unlock names no lock, as `curl -X DELETE` does",
                 {"http/gitlab/opentofu/dead-holder", kJobs},
                 removes_by_hand<HttpState>([](const LockId& id) { return HttpState::Unlock{{}, id}; },
                                            [](const HttpState::Response& response) {
                                              return response.status == HttpState::Status::ok;
                                            })});
  return all;
}

}  // namespace lockstorm::league
