#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

#include "cli/interrupt.hpp"

namespace lockstorm::cli {
namespace {

constexpr std::chrono::seconds kQuick{1};
constexpr std::chrono::seconds kLogEvery{10};
constexpr std::size_t kLeastShare = 20;  // a twentieth of all must be done before an estimate is given

}  // namespace

Progress::Progress(std::size_t total, std::string what)
    : total_(total),
      what_(std::move(what)),
      on_terminal_(isatty(STDERR_FILENO) != 0),
      watcher_([this] { watch(); }) {
  note_progress(0, total_);
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  watcher_.join();
  note_progress(0, 0);
  if (shown_ && on_terminal_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::started(const std::string& name) {
  const std::lock_guard lock(mutex_);
  current_ = name;
}

void Progress::finished() {
  const std::lock_guard lock(mutex_);
  ++done_;
  note_progress(done_, total_);
}

void Progress::watch() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!over_) {
    changed_.wait_for(lock, !shown_ || on_terminal_ ? kQuick : kLogEvery, [this] { return over_; });
    if (!over_)
      show(std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start));
  }
}

// As if what is left took as long as what is done; said once there is something to go by.
std::string Progress::time_left(std::chrono::seconds elapsed) const {
  if (done_ * kLeastShare < total_ || elapsed.count() == 0) return "";
  const double left =
      static_cast<double>(elapsed.count()) * static_cast<double>(total_ - done_) / static_cast<double>(done_);
  return fmt::format(", about {:.0f} s left", left);
}

void Progress::show(std::chrono::seconds elapsed) {
  shown_ = true;
  const std::string line = fmt::format("{} of {} {} done in {} s{}: {}", done_, total_, what_,
                                       elapsed.count(), time_left(elapsed), current_);
  if (on_terminal_) {
    fmt::print(stderr, "\r{}\x1b[K", line.substr(0, 99));
  } else {
    fmt::print(stderr, "{}\n", line);
  }
  std::fflush(stderr);
}

}  // namespace lockstorm::cli
