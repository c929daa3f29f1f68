#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "cli/command.hpp"
#include "cli/interrupt.hpp"
#include "reports/format/layout.hpp"
#include "scenarios/data/input_error.hpp"

namespace lockstorm::cli {
namespace {

constexpr std::chrono::seconds kQuick{1};
constexpr std::chrono::seconds kLogEvery{10};
constexpr std::size_t kLeastShare = 20;  // a twentieth of all must be done before an estimate is given

}  // namespace

Progress::Progress(std::size_t total, std::string what)
    : total_(total), what_(std::move(what)), on_terminal_(isatty(STDERR_FILENO) != 0) {
  note_progress(0, total_);
  try {
    watcher_ = std::thread([this] { watch(); });
  } catch (const std::exception&) {
    // No thread can be started: the work goes on without a word.
  }
}

Progress::~Progress() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  if (watcher_.joinable()) watcher_.join();
  note_progress(0, 0);
  if (shown_ && on_terminal_) print_error("\r\x1b[K");
}

void Progress::started(const std::string& name) {
  const std::lock_guard lock(mutex_);
  current_ = scenarios::printable(name);
}

void Progress::finished(bool was_put_off) {
  const std::lock_guard lock(mutex_);
  if (was_put_off) --put_off_;
  ++done_;
  note_progress(done_, total_);
}

void Progress::put_off() {
  const std::lock_guard lock(mutex_);
  ++put_off_;
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

// As if what is left took as long as what is done; said once there is something to go by, and not where the
// largest are still to be done again.
std::string Progress::time_left(std::chrono::seconds elapsed) const {
  if (put_off_ > 0)
    return fmt::format(", {} of the others {} all the memory and {} last", put_off_,
                       put_off_ == 1 ? "needs" : "need", put_off_ == 1 ? "comes" : "come");
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
    print_error(fmt::format("\r{}\x1b[K", reports::wrap(line, 99).front()));
  } else {
    print_error(line + "\n");
  }
}

}  // namespace lockstorm::cli
