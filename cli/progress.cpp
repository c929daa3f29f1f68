#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace lockstorm::cli {
namespace {

constexpr std::chrono::seconds kQuick{1};
constexpr std::chrono::seconds kLogEvery{10};

}  // namespace

Progress::Progress(std::size_t total, std::string what)
    : total_(total),
      what_(std::move(what)),
      on_terminal_(isatty(STDERR_FILENO) != 0),
      watcher_([this] { watch(); }) {}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  watcher_.join();
  if (shown_ && on_terminal_) fmt::print(stderr, "\r\x1b[K");
}

void Progress::started(const std::string& name) {
  const std::lock_guard lock(mutex_);
  current_ = name;
}

void Progress::finished() {
  const std::lock_guard lock(mutex_);
  ++done_;
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

void Progress::show(std::chrono::seconds elapsed) {
  shown_ = true;
  const std::string line =
      fmt::format("{} of {} {} done, {} s: {}", done_, total_, what_, elapsed.count(), current_);
  if (on_terminal_) {
    fmt::print(stderr, "\r{}\x1b[K", line.substr(0, 99));
  } else {
    fmt::print(stderr, "{}\n", line);
  }
  std::fflush(stderr);
}

}  // namespace lockstorm::cli
