#include "models/terraform/orchestrated.hpp"

#include "models/terraform/apply.hpp"
#include "models/terraform/choice.hpp"
#include "models/terraform/command_context.hpp"
#include "models/terraform/plan.hpp"

namespace lockstorm::models {
namespace {

using Response = Orchestrator::Response;
using Result = Orchestrator::Result;
using Rules = OrchestratorRules;
using Status = Orchestrator::Status;

// One event of a pull request, on the replica that gets it.
class PullRequestJob {
 public:
  explicit PullRequestJob(CommandContext& context)
      : self_(context.self), context_(context), job_(*context.options.orchestrated) {}

  Outcome plan() {
    const std::uint8_t replica = chosen_replica();
    const Response begun = begin(replica, false);
    if (begun.status != Status::ok) return refused(begun.status);
    const Outcome outcome = configured([&] { return run_plan(context_, true); });
    const bool is_planned = is_success(outcome.ending) && outcome.unlock_failed == 0;
    if (is_planned) ask(Orchestrator::StorePlan{job_.pull, {begun.commit, context_.directory.plan.prior}});
    end(replica, is_planned ? Result::planned : Result::failed, 0);
    return outcome;
  }

  Outcome apply() {
    const std::uint8_t replica = chosen_replica();
    const Response begun = begin(replica, true);
    if (begun.status != Status::ok) return refused(begun.status);
    const Response read = ask(Orchestrator::ReadPlan{job_.pull});
    if (read.status != Status::ok) {
      const bool succeeds = job_.rules.without_plan == Rules::WithoutPlan::succeeds;
      end(replica, succeeds ? Result::nothing_applied : Result::failed, 0);
      return {succeeds ? Ending::nothing_to_do : Ending::nothing_planned};
    }
    context_.directory.plan = {true, read.plan.prior};
    const Outcome outcome = configured([&] { return run_apply(context_, ApplyMode::saved_plan); });
    const bool is_applied = is_success(outcome.ending);
    end(replica, is_applied ? Result::applied : Result::failed, static_cast<std::uint8_t>(read.plan.commit));
    return outcome;
  }

  // `list` and `delete` are two requests where the lock is not asked whose it is.
  Outcome unlock() {
    if (job_.rules.unlock == Rules::Unlocks::own) return done(ask(Orchestrator::Unlock{job_.pull, 0, 1}));
    const Response listed = ask(Orchestrator::ListLocks{});
    if (listed.pull != job_.pull) return {Ending::nothing_to_do};
    return done(ask(Orchestrator::Unlock{job_.pull, 0, 0}));
  }

  template <class Request>
  Outcome tell(const Request& request) {
    return done(ask(request));
  }

  [[nodiscard]] std::uint8_t pull() const { return job_.pull; }

 private:
  // Every command of the tool configures its backend first.
  template <class Run>
  Outcome configured(Run&& run) {
    if (context_.backend->configure(self_).status != Done::ok) return {Ending::open_failed};
    return run();
  }

  struct Waiting {
    std::uint16_t nothing = 0;
  };

  template <class Request>
  Response ask(const Request& request) {
    const auto reply = self_.call(job_.service, Orchestrator::Request{request});
    return reply.answered() ? *reply : Response{Status::busy, 0, 0, {}};
  }

  std::uint8_t chosen_replica() {
    if (job_.rules.replicas < 2) return 0;
    return static_cast<std::uint8_t>(self_.choose(job_.rules.replicas, Choice::replica));
  }

  // In a queue whoever finds the project or the directory taken waits for it.
  Response begin(std::uint8_t replica, bool applies) {
    const Orchestrator::Begin request{job_.pull, replica, static_cast<std::uint8_t>(applies)};
    if (!job_.rules.queues) return ask(request);
    return self_.scope<Response>(scope_tag::ask_for_work, [&] {
      Waiting waiting;
      for (;;) {
        self_.forget(scope_tag::ask_for_work, waiting);
        const Response answer = ask(request);
        if (answer.status != Status::locked && answer.status != Status::busy) return answer;
        self_.sleep(std::chrono::seconds(1));
      }
    });
  }

  void end(std::uint8_t replica, Result result, std::uint8_t commit) {
    ask(Orchestrator::End{job_.pull, replica, commit, result});
  }

  static Outcome refused(Status status) {
    Outcome outcome{Ending::not_admitted};
    outcome.own_lock_shown = status == Status::locked_by_self ? 1 : 0;
    return outcome;
  }

  static Outcome done(const Response& response) {
    return {response.status == Status::ok ? Ending::done : Ending::not_admitted};
  }

  sim::Process& self_;
  CommandContext& context_;
  const Orchestrated& job_;
};

}  // namespace

bool is_of_pull_request(Command command) {
  switch (command) {
    case Command::plan_out:
    case Command::apply_plan:
    case Command::push_commit:
    case Command::push_elsewhere:
    case Command::approve:
    case Command::merge:
    case Command::unlock:
    case Command::unlock_neighbour:
      return true;
    default:
      return false;
  }
}

Outcome run_orchestrated(CommandContext& context, Command command) {
  if (!context.options.orchestrated) return {};  // scenarios that say so are refused
  PullRequestJob job(context);
  switch (command) {
    case Command::plan_out:
      return job.plan();
    case Command::apply_plan:
      return job.apply();
    case Command::push_commit:
      return job.tell(Orchestrator::Push{job.pull(), 1});
    case Command::push_elsewhere:
      return job.tell(Orchestrator::Push{job.pull(), 0});
    case Command::approve:
      return job.tell(Orchestrator::Approve{job.pull()});
    case Command::merge:
      return job.tell(Orchestrator::Merge{job.pull()});
    case Command::unlock:
      return job.unlock();
    case Command::unlock_neighbour:
      return job.tell(Orchestrator::Unlock{job.pull(), 1, 1});
    default:
      return {};
  }
}

}  // namespace lockstorm::models
