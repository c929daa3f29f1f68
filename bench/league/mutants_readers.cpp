// Mutants of readers: a first read that is taken for the one under the lock, and readers that take no lock.
#include "bench/league/mutants.hpp"

namespace lockstorm::league {
namespace {

using models::Backend;
using models::Done;
using models::DoneResult;
using models::GetResult;
using models::GetStatus;
using models::StateSnapshot;

constexpr std::uint16_t kJobs = 3;

// What was read to see whether there is a state, as long as nobody has asked for it.
constexpr sim::Cell kFirstRead{3};
struct FirstRead {
  std::uint16_t is_there = 0;
  StateSnapshot state;
};

// The read that `StateMgr` makes before the lock fills a cache, and the first read under the lock is answered
// from it.
Mutation keeps_the_first_read() {
  ClientEdit edit;
  edit.open = [](const Backend& real, sim::Process& self) -> DoneResult {
    const GetResult first = self.scope<GetResult>(models::scope_tag::get, [&] { return real.get(self); });
    if (first.status != GetStatus::found) return real.open(self);
    self.keep(kFirstRead, FirstRead{1, first.snapshot});
    return {Done::ok};
  };
  edit.get = [](const Backend& real, sim::Process& self) -> GetResult {
    const auto first = self.kept<FirstRead>(kFirstRead);
    if (first.is_there == 0) return real.get(self);
    self.keep(kFirstRead, FirstRead{});
    return {GetStatus::found, first.state};
  };
  return client(std::move(edit));
}

// The first jobs lock, the others do not.
Mutation others_take_no_lock() {
  return setting([](scenarios::Scenario& scenario) {
    if (scenario.fleets.size() > 1) scenario.fleets.back().client.lock = false;
  });
}

}  // namespace

std::vector<Mutant> reader_mutants() {
  std::vector<Mutant> all;
  constexpr std::string_view kFirst = "the state that was read before the lock is not read again under it";
  all.push_back({"gcs/keeps-first-read", kFirst, "gcs/terraform/no-faults", keeps_the_first_read()});
  all.push_back({"azurerm/keeps-first-read", kFirst, "azurerm/terraform/no-faults", keeps_the_first_read()});
  all.push_back(
      {"kubernetes/keeps-first-read", kFirst, "kubernetes/terraform/no-faults", keeps_the_first_read()});
  constexpr std::string_view kBefore = "applies the state that it read before it had the lock";
  all.push_back({"dynamodb/reads-before-lock", kBefore, "s3/dynamodb/terraform/no-faults",
                 mistakes::reads_before_lock()});
  all.push_back({"oss/reads-before-lock", kBefore, "oss/terraform/no-faults", mistakes::reads_before_lock()});
  all.push_back({"oci/reads-before-lock", kBefore, "oci/no-faults", mistakes::reads_before_lock()});
  all.push_back(
      {"http/reads-before-lock", kBefore, "http/gitlab/terraform/no-faults", mistakes::reads_before_lock()});
  all.push_back({"s3/plan-without-lock",
                 "a plan reads a large state without a lock",
                 {"readers/plan-large-locked", 2},
                 others_take_no_lock()});
  return all;
}

}  // namespace lockstorm::league
