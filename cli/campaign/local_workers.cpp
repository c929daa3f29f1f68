#include "cli/campaign/local_workers.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "cli/campaign/environment.hpp"
#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "scenarios/data/verdict.hpp"
#include "wire/confirm/process.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::ShardState;
using wire::confirm::ToolProcess;

constexpr std::chrono::milliseconds kLook{100};
constexpr std::chrono::seconds kToGiveBack{10};

class LocalWorkers {
 public:
  LocalWorkers(CampaignIndex& index, unsigned most) : index_(index), most_(most) {}
  // Those that are left are told to give back what they are at: to be killed would count as a failure.
  ~LocalWorkers() {
    for (const ToolProcess& worker : workers_) worker.signal(SIGTERM);
    const auto until = std::chrono::steady_clock::now() + kToGiveBack;
    while (!workers_.empty() && std::chrono::steady_clock::now() < until) {
      std::erase_if(workers_, [](ToolProcess& worker) { return worker.ended().has_value(); });
      std::this_thread::sleep_for(kLook);
    }
  }
  LocalWorkers(const LocalWorkers&) = delete;
  LocalWorkers& operator=(const LocalWorkers&) = delete;

  int run() {
    scenarios::CampaignProgress progress = index_.progress();
    Progress shown(progress.shards.size(), "shards");
    shown.started(index_.folder().string());
    std::size_t done = 0;
    while (true) {
      for (const std::size_t now = progress.count(ShardState::done); done < now; ++done) shown.finished();
      const std::size_t open = progress.count(ShardState::todo) + progress.count(ShardState::running);
      // Those of others are waited for, for they may be lost: one worker at least.
      if (open == 0 && workers_.empty()) return 0;
      const std::size_t wanted = std::min<std::size_t>(most_, open);
      while (workers_.size() < wanted) {
        if (const int status = start(); status != 0) return status;
      }
      std::this_thread::sleep_for(kLook);
      if (const int status = look(); status != 0) return status;
      progress = index_.progress();
    }
  }

 private:
  int start() {
    std::error_code error;
    const std::string program = std::filesystem::read_symlink("/proc/self/exe", error).string();
    auto started = ToolProcess::start(
        {{program, "campaign", "work", index_.folder().string(), "--parent", std::to_string(::getpid())},
         std::filesystem::current_path(),
         environment_});
    if (!started) {
      print_error(fmt::format("lockstorm: a worker cannot be started: {}\n", started.error()));
      return scenarios::kExitInternal;
    }
    workers_.push_back(*std::move(started));
    return 0;
  }

  // One that a signal has ended may have been killed for its memory, or by somebody; what it was at is found
  // out by others, and so is a failure. One that says that it cannot go on would say so again.
  int look() {
    int cannot_go_on = 0;
    std::erase_if(workers_, [&](ToolProcess& worker) {
      const std::optional<int> status = worker.ended();
      if (status && *status > 0 && *status != scenarios::kExitInternal) cannot_go_on = *status;
      return status.has_value();
    });
    return cannot_go_on;
  }

  CampaignIndex& index_;
  std::size_t most_;
  std::vector<ToolProcess> workers_;
  wire::confirm::Environment environment_ = whole_environment();
};

}  // namespace

int make_shards_here(CampaignIndex& index, unsigned most) { return LocalWorkers(index, most).run(); }

}  // namespace lockstorm::cli
