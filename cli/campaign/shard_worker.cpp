#include "cli/campaign/shard_worker.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "cli/campaign/verified_report.hpp"
#include "cli/command.hpp"
#include "cli/output_file.hpp"
#include "reports/campaigns/hunt_report.hpp"
#include "reports/ci/json_report.hpp"
#include "scenarios/data/input_error.hpp"
#include "scenarios/data/verdict.hpp"

namespace lockstorm::cli {
namespace {

using scenarios::ShardRow;
using scenarios::ShardState;
using Milliseconds = std::chrono::milliseconds;

constexpr int kBeatsBeforeLost = 6;
constexpr Milliseconds kLongestLook{1000};

// What tells the process to stop, and what tells its pulse to.
sigset_t signals_waited_for() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::sigaddset(&set, signal);
  return set;
}

// Signs of life for a shard, and what an interrupt does, for as long as it lives. It has a connection of its
// own: the search has the other thread to itself.
class Pulse {
 public:
  Pulse(CampaignIndex& index, ShardRow claimed)
      : index_(index),
        claimed_(std::move(claimed)),
        every_(index.spec().lost_after / kBeatsBeforeLost),
        thread_([this] { beat(); }) {}
  ~Pulse() {
    over_ = true;
    ::pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

 private:
  void beat() {
    const sigset_t set = signals_waited_for();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(every_);
    const timespec wait{seconds.count(),
                        std::chrono::duration_cast<std::chrono::nanoseconds>(every_ - seconds).count()};
    while (!over_) {
      const int signal = ::sigtimedwait(&set, nullptr, &wait);
      if (over_) return;
      try {
        if (signal < 0) index_.beat(claimed_);
        if (signal > 0 && signal != SIGUSR1) stop(signal);
      } catch (const DatabaseFailure&) {
        // The next sign of life may get through; without any, others take the shard over, and no harm is
        // done.
        if (signal > 0 && signal != SIGUSR1) end(signal);
      }
    }
  }

  [[noreturn]] void stop(int signal) {
    index_.release(claimed_);
    print_error(fmt::format("lockstorm: interrupted: shard {} is to do again\n", claimed_.id));
    end(signal);
  }

  [[noreturn]] static void end(int signal) {
    ::signal(signal, SIG_DFL);
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(signal);
    ::_exit(scenarios::kExitInternal);
  }

  CampaignIndex& index_;
  ShardRow claimed_;
  Milliseconds every_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

void tell_worker(const std::string& line) {
  print_error(fmt::format("lockstorm: {}\n", scenarios::printable(line)));
}

// An interrupt reaches whoever waits for it: the pulse, or nobody is at a shard.
class SignalsWait {
 public:
  SignalsWait() {
    const sigset_t set = signals_waited_for();
    ::pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~SignalsWait() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;

 private:
  sigset_t before_{};
};

class Worker {
 public:
  Worker(CampaignIndex& index, CampaignIndex& pulse, std::vector<scenarios::Scenario> scenarios,
         const WorkerOptions& options)
      : index_(index), pulse_(pulse), scenarios_(std::move(scenarios)), options_(options) {}

  int run() {
    while (true) {
      const SignalsWait signals;  // from before a shard is taken until it is given back
      const auto claimed = index_.claim(me_, watch_, options_.only);
      if (!claimed) break;
      if (const int status = make(*claimed); status != 0) return status;
    }
    return 0;
  }

 private:
  // 0: it was made, or has failed and is noted so.
  int make(const ShardRow& shard) {
    const auto start = std::chrono::steady_clock::now();  // told as the time that it took
    std::string text;
    {
      const Pulse pulse(pulse_, shard);
      std::string why;
      try {
        text = result_of(shard);
      } catch (const std::bad_alloc&) {
        why = "out of memory";
      } catch (const std::exception& error) {
        why = error.what();
      }
      if (!why.empty()) {
        tell_worker(fmt::format("shard {} has failed: {}", shard.id, why));
        index_.fail(shard, why);
        return 0;
      }
    }
    if (const auto failed = write_output_file(index_.part_file(shard), text)) {
      index_.release(shard);
      return bad_input(*failed);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    index_.finish(shard, took.count());
    std::error_code ignored;  // the part has it all
    for (const std::filesystem::path& found : index_.found_folders(shard))
      std::filesystem::remove_all(found, ignored);
    return 0;
  }

  [[nodiscard]] std::string result_of(const ShardRow& shard) const {
    const scenarios::Scenario& scenario = scenarios_.at(shard.scenario);
    if (index_.spec().kind == scenarios::CampaignKind::verify)
      return verified_shard(scenario, index_.spec(), scenarios_.size() == 1);
    scenarios::HuntOptions options = hunt_options_of(index_.spec(), {shard.number, shard.count});
    options.tell = tell_worker;
    options.corpus = index_.found_folder(shard);  // empty so far: what is found there changes no run
    return reports::json_text(reports::hunt_json(scenarios::hunt(scenario, options)));
  }

  CampaignIndex& index_;
  CampaignIndex& pulse_;
  std::vector<scenarios::Scenario> scenarios_;
  const WorkerOptions& options_;
  scenarios::ShardOwner me_ = this_process();
  LifeWatch watch_;

 public:
  // Whether there is still something that others may leave to this process.
  [[nodiscard]] bool others_are_at_work() const {
    if (options_.only) {
      const auto shard = index_.shard(*options_.only);
      return shard && shard->state == ShardState::running;
    }
    return index_.progress().count(ShardState::running) > 0;
  }
};

int of_one_shard(CampaignIndex& index, std::int64_t id) {
  const auto shard = index.shard(id);
  if (!shard || shard->state != ShardState::failed) return 0;
  tell_worker(fmt::format("shard {} has failed {} times and is left: {}", id, shard->failures, shard->why));
  return scenarios::kExitInternal;
}

}  // namespace

int make_shards(CampaignIndex& index, const WorkerOptions& options) {
  if (options.parent != 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != options.parent) return 0;  // it had ended before it could be waited for
  }
  if (options.only && !index.shard(*options.only))
    return bad_input({{index.folder().string(), 0, 0},
                      fmt::format("the campaign has no shard {}", *options.only),
                      fmt::format("a number from 1 to {}", index.progress().shards.size()),
                      ""});
  auto found = index.scenarios();
  if (!found) return bad_input(found.error());
  auto pulse = CampaignIndex::open(index.folder());
  if (!pulse) return bad_input(pulse.error());
  Worker worker(index, *pulse, *std::move(found), options);
  while (true) {
    if (const int status = worker.run(); status != 0) return status;
    if (!worker.others_are_at_work()) break;
    std::this_thread::sleep_for(std::min(kLongestLook, index.spec().lost_after / 4));
  }
  return options.only ? of_one_shard(index, *options.only) : 0;
}

}  // namespace lockstorm::cli
