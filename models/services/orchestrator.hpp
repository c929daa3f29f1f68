// A server that runs plans and applies for pull requests: its locks, its plans, and what was approved
// (Atlantis, Digger, Terrateam, HCP Terraform, as their manuals tell of locks and runs).
#pragma once

#include <array>
#include <string>
#include <variant>

#include "models/state/state_snapshot.hpp"
#include "sim/one_for_each.hpp"
#include "sim/service.hpp"

namespace lockstorm::models {

/// What differs between orchestrators and their settings. One project, which is one directory with one state.
struct OrchestratorRules {
  enum class LocksAt : std::uint8_t { plan, apply, never };
  /// Whose the project's lock is.
  enum class Owner : std::uint8_t { pull_request, job };
  /// Where a lock is kept: in what all replicas have in common, in the memory of each, or nowhere.
  enum class Place : std::uint8_t { database, memory, none };
  /// Of which commit an approval has to be: the newest, any, or none is asked for.
  enum class Approval : std::uint8_t { newest, any, none };
  /// What an apply does that finds no plan.
  enum class WithoutPlan : std::uint8_t { refuses, succeeds };
  enum class Release : std::uint8_t { merge, apply };
  /// How `unlock` works: it deletes the lock that is its own, or it lists locks and deletes that of the
  /// project.
  enum class Unlocks : std::uint8_t { own, listed };
  enum class UnlockDeletes : std::uint8_t { directory, workspace };
  /// What a replica does that cannot reach the database of locks: nothing begins, or from then on its own
  /// memory has the locks (OpenTaco, which warns when it starts so).
  enum class WithoutDatabase : std::uint8_t { refuses, memory };

  LocksAt locks_at = LocksAt::plan;
  Owner owner = Owner::pull_request;
  Place locks_in = Place::database;
  Place directory_lock = Place::database;
  std::uint8_t replicas = 1;
  Approval approval = Approval::newest;
  WithoutPlan without_plan = WithoutPlan::refuses;
  Release released_by = Release::merge;
  Unlocks unlock = Unlocks::own;
  UnlockDeletes unlock_deletes = UnlockDeletes::directory;
  bool keeps_dropped_plans = false;  ///< the plan of a project stays that a commit does not touch any more
  bool queues = false;               ///< whoever finds the lock taken waits for it
  WithoutDatabase without_database = WithoutDatabase::refuses;
  std::uint8_t database_failures = 0;  ///< so often the database of locks cannot be reached, at the most
  friend bool operator==(const OrchestratorRules&, const OrchestratorRules&) = default;
};

struct Orchestrator {
  static constexpr std::string_view kName = "orchestrator";
  /// Its own calls are certain: what it asks of databases is no part of the model.
  static constexpr bool kIsLocal = true;
  static constexpr std::size_t kPulls = 2;
  static constexpr std::size_t kReplicas = 2;

  /// Pull requests are numbers from 1; 0: none. So are commits.
  struct Pull {
    std::uint8_t head = 1;
    std::uint8_t touches = 1;   ///< the newest commit touches the project
    std::uint8_t approved = 0;  ///< the commit that was approved last; 0: none was
    std::uint8_t wanted = 0;    ///< ... and touches the project
    std::uint8_t applied = 0;   ///< the commit whose plan was applied last
    std::uint8_t merged = 0;
    friend auto operator<=>(const Pull&, const Pull&) = default;
  };
  struct Plan {
    std::uint16_t commit = 0;  ///< 0: there is none
    StateSnapshot prior;
    friend auto operator<=>(const Plan&, const Plan&) = default;
  };
  struct Lock {
    std::uint16_t pull = 0;
    sim::Who job;  ///< who has taken it
  };
  /// A replica that has fallen back to its memory, and the project's lock there.
  struct FallBack {
    std::uint16_t happened = 0;
    Lock lock;
  };
  struct Value {
    std::array<Pull, kPulls> pulls{};
    std::array<Plan, kPulls> plans{};
    std::array<Lock, kReplicas> locks{};                                ///< of the project, by replica
    std::array<std::array<sim::Who, kPulls>, kReplicas> directories{};  ///< who works in it, by replica
    std::array<FallBack, kReplicas> without_database{};
    std::uint16_t failures_left = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  /// A commit is pushed to the pull request.
  struct Push {
    std::uint8_t pull = 1;
    std::uint8_t touches = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct Approve {
    std::uint8_t pull = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  /// A plan or an apply begins: takes the locks that it needs and checks out the newest commit.
  struct Begin {
    std::uint8_t pull = 1;
    std::uint8_t replica = 0;
    std::uint8_t applies = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct StorePlan {
    std::uint16_t pull = 1;
    Plan plan;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  /// What is about to be applied.
  struct ReadPlan {
    std::uint8_t pull = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  enum class Result : std::uint8_t { planned, failed, applied, nothing_applied };
  /// A plan or an apply has ended, and the pull request says how.
  struct End {
    std::uint8_t pull = 1;
    std::uint8_t replica = 0;
    std::uint8_t commit = 0;  ///< whose plan was applied
    Result result = Result::planned;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct Merge {
    std::uint8_t pull = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  struct ListLocks {
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  /// `neighbour`: it is another directory of the pull request that is unlocked. `only_own`: no other pull
  /// request's lock is deleted.
  struct Unlock {
    std::uint8_t pull = 1;
    std::uint8_t neighbour = 0;
    std::uint8_t only_own = 1;
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };
  using Request = std::variant<Push, Approve, Begin, StorePlan, ReadPlan, End, Merge, ListLocks, Unlock>;

  enum class Status : std::uint16_t {
    ok,
    locked,          ///< another pull request has the project
    locked_by_self,  ///< another job of the same pull request has it
    busy,            ///< somebody works in the directory
    not_approved,
    no_plan,
    merged,    ///< the pull request is closed
    no_locks,  ///< the database of locks cannot be reached
  };
  struct Response {
    Status status = Status::ok;
    std::uint8_t commit = 0;  ///< Begin: checked out
    std::uint8_t pull = 0;    ///< ListLocks: who has the project; 0: nobody
    Plan plan;                ///< ReadPlan
    [[nodiscard]] std::string describe(const sim::ProcessNames&) const;
  };

  OrchestratorRules rules;

  [[nodiscard]] Value initial() const;
  /// 1 of what needs the project's lock: the database of locks cannot be reached.
  [[nodiscard]] unsigned alternatives(const Value& value, const Request& request) const;
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request,
                                            unsigned alternative) const;
  static constexpr std::string_view kCountedEvent = "database_failures";
  [[nodiscard]] unsigned events_spent(const Value& value) const {
    return rules.database_failures - value.failures_left;
  }
  void process_ended(Value& value, sim::Slot slot) const;
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
