// What CI files say about runs of terraform, as data: which jobs there are, when they run, which state they
// change, what keeps two of them apart, and what a cancel does to them. Nothing in it depends on which CI
// system it is: readers make it, rules look at it.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/data/input_error.hpp"
#include "scenarios/pipeline/symbolic.hpp"

namespace lockstorm::scenarios::pipeline {

enum class System : std::uint8_t { github, gitlab, azure, jenkins, atlantis, digger, terrateam, spacelift };

/// What a command does to a state or to its lock.
enum class Verb : std::uint8_t {
  plan,
  apply,
  destroy,
  change_state,  ///< import, state rm, state mv, taint, refresh, state push
  force_unlock,  ///< by the tool
  break_lock     ///< by other means: a lease broken, a row or an object deleted
};

/// Whether it changes a state.
[[nodiscard]] constexpr bool writes(Verb verb) {
  return verb == Verb::apply || verb == Verb::destroy || verb == Verb::change_state;
}
[[nodiscard]] constexpr bool removes_lock(Verb verb) {
  return verb == Verb::force_unlock || verb == Verb::break_lock;
}

/// What stands between the one that cancels and the tool, outermost first.
enum class Link : std::uint8_t {
  shell,         ///< bash or sh, which waits for its child and does not pass signals on
  pipe,          ///< likewise, with a reader behind the tool
  script,        ///< a script of the repository, or make
  wrapper,       ///< the node wrapper of setup-terraform
  node_task,     ///< a task or an action that runs the tool as a child of node
  container,     ///< a container whose client gets the signal
  exec,          ///< nothing: the shell has become the tool
  forward_once,  ///< a shell that hands on the first signal only
  forward_each,  ///< a shell that hands on every signal
  terragrunt     ///< which hands a signal on after 15 s, a second one at once
};

/// What the tool gets of a cancel.
enum class Hears : std::uint8_t {
  nothing,         ///< it is killed without a word, in the end
  nothing_unseen,  ///< it goes on where nobody sees it
  once,            ///< one interrupt, and then time
  once_then_kill,  ///< one interrupt; killed when the grace is over
  twice            ///< a second one before it is done: it gives up at once
};

/// Where what removes a lock has the lock's id from.
enum class IdFrom : std::uint8_t { nowhere, typed, error_text, object, own_job };

/// Which states a command works on. Two are the same where all three are the same.
struct StatePlace {
  std::string directory;  ///< as the pipeline says it, below the repository; "." is its root
  std::string key;        ///< of -backend-config; empty: the block's own
  std::string workspace;  ///< empty: the default one
  bool is_known = true;   ///< false: something in them is not in the files
  bool is_many = false;   ///< all units below: `run --all`
  /// What `init -backend-config` is given: files, from the directory on, and NAME=VALUE; no credentials. It
  /// tells no two states apart that `key` does not.
  std::vector<std::string> init_arguments{};
  /// Variables that say arguments of backend blocks (`TF_HTTP_LOCK_ADDRESS`), without credentials.
  std::map<std::string, std::string> environment{};

  [[nodiscard]] std::string text() const;
  friend bool operator==(const StatePlace& a, const StatePlace& b) {
    return a.directory == b.directory && a.key == b.key && a.workspace == b.workspace;
  }
};

/// Where in a job a command stands.
enum class Position : std::uint8_t {
  step,     ///< it runs when all went well so far
  cleanup,  ///< also, or only, after a failure or a cancel
  fallback  ///< in the same script when the tool failed: `||`, a trap
};

/// A run of the tool, or of something that touches its lock.
struct Command {
  Verb verb{};
  SourceLocation where;
  std::string written;  ///< "terraform apply -auto-approve", abridged
  StatePlace state;
  bool locks = true;
  std::optional<SourceLocation> lock_off;  ///< -lock=false, and where it is said
  std::optional<std::chrono::seconds> lock_timeout;
  bool applies_plan_file = false;
  bool plan_is_of_this_job = false;  ///< that file was made before it in the same job
  bool writes_plan_file = false;
  std::string plan_file;
  bool is_remote = false;  ///< runs elsewhere: the job holds nothing
  std::optional<unsigned>
      units_at_once;  ///< of `run --all --parallelism`; unset: all that depend on no other
  Position position = Position::step;
  IdFrom id{};
  std::vector<Link> links;
  Hears hears{};
  std::optional<SourceLocation> retried;           ///< what repeats it whatever went wrong
  std::optional<std::chrono::seconds> time_limit;  ///< of the step or of a `timeout` before it
  std::optional<SourceLocation> time_limit_where;
  bool limit_kills = false;  ///< `timeout -k`: a signal, and soon after it a kill
};

enum class Keeper : std::uint8_t {
  concurrency_group,
  resource_group,
  exclusive_lock,
  no_concurrent_builds,
  lockable_resource,
  pull_request_lock,
  stack
};

/// What becomes of those who wait for it.
enum class Waiting : std::uint8_t {
  all,   ///< one after another
  last,  ///< a newer one takes the place of the one that waits
  last_of_branch,
  refused,   ///< nobody waits: told, and sent away
  any_order  ///< all, in an order that the file does not say
};

/// Something that at most one run has at a time.
struct Serialiser {
  Keeper keeper{};
  Symbolic key;
  std::string written;  ///< as the file has it
  SourceLocation where;
  Waiting waiting = Waiting::all;
  SourceLocation waiting_where;
  bool cancels_running = false;  ///< a newer run ends the one that has it
  SourceLocation cancels_where;
  bool is_assumed = false;         ///< it is, or is not, in settings that no file shows
  bool is_of_job = false;          ///< each leg takes it for itself; else the whole run has it
  std::vector<std::string> finer;  ///< parts of the key that tell apart runs on one state: "github.ref"
};

/// One kind of run of a job: what happens when it is started so.
struct JobRun {
  std::string when;   ///< "push to main", "pull request"
  std::string event;  ///< "push"
  std::string leg;    ///< of a matrix: "env=prod"
  int order = 0;      ///< legs of another order come before or after
  bool is_pull_request = false;
  bool is_operator = false;  ///< started by hand
  std::vector<Serialiser> serialisers;
  std::vector<Command> commands;
};

struct TimeLimit {
  std::chrono::minutes length{};
  std::optional<SourceLocation> where;  ///< unset: the system's default
};

struct Job {
  System system{};
  std::string file;
  std::string workflow;  ///< the name of the whole
  std::string name;
  SourceLocation where;
  std::vector<std::string> needs;   ///< jobs of the same workflow that come before
  std::vector<std::string> starts;  ///< what starts it: "push to main"
  std::string environment;
  std::optional<SourceLocation> environment_where;
  TimeLimit limit;
  std::optional<SourceLocation> fragile_machine;  ///< a runner that may vanish
  std::optional<SourceLocation> legs;             ///< a matrix
  bool fails_fast = false;                        ///< a failing leg ends the others
  bool one_leg_at_a_time = false;
  std::optional<SourceLocation> whatever_went_before;  ///< always() on the job
  std::optional<std::pair<std::chrono::seconds, SourceLocation>> credentials;
  std::optional<SourceLocation> deadlock;       ///< its group is also its caller's
  std::optional<SourceLocation> old_revisions;  ///< it checks out what somebody names
  std::optional<SourceLocation>
      cancelled_by_new_pipeline;                        ///< runs of a branch end when there is a newer one
  std::optional<SourceLocation> cancelled_by_new_push;  ///< pull-request runs end when there is a newer push
  std::optional<SourceLocation> locks_off;              ///< of pull requests: switched off, and where
  std::optional<SourceLocation> parallel;               ///< projects of one pull request run at once
  bool cleanup_waits_for_tool = false;                  ///< steps afterwards run once the tool is gone
  std::vector<std::string> unknown;  ///< what was not to be found in the files, a clause each
  std::vector<JobRun> runs;
};

struct Pipeline {
  std::filesystem::path root;  ///< of the repository; empty: there is none
  std::vector<std::string> files;
  std::vector<Job> jobs;
  std::vector<InputError> complaints;    ///< files that could not be read
  std::vector<std::string> assumptions;  ///< what was taken for granted
};

[[nodiscard]] std::string_view system_name(System system);
[[nodiscard]] std::string_view verb_name(Verb verb);
/// "concurrency group", "resource group", ...
[[nodiscard]] std::string_view keeper_name(Keeper keeper);

/// Whether no two runs can have both at once.
[[nodiscard]] bool exclude_each_other(const Serialiser& a, const Serialiser& b);

}  // namespace lockstorm::scenarios::pipeline
