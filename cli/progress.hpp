// Shows that long work is going on: a line that renews itself on a terminal, plain lines in a log, nothing
// when quick.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace lockstorm::cli {

/// Reports on standard error from construction to destruction. Thread-safe.
class Progress {
 public:
  /// `what`: plural of what is counted, e.g. "scenarios".
  Progress(std::size_t total, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One more is being worked on, by this name.
  void started(const std::string& name);
  /// One is not done yet: it needs more memory than there was for it, and is done again, alone, at the end.
  void put_off();
  /// One more is done.
  void finished(bool was_put_off = false);

 private:
  void watch();
  void show(std::chrono::seconds elapsed);
  [[nodiscard]] std::string time_left(std::chrono::seconds elapsed) const;

  const std::size_t total_;
  const std::string what_;
  const bool on_terminal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string current_;
  std::size_t done_ = 0;
  std::size_t put_off_ = 0;
  bool over_ = false;
  bool shown_ = false;
  std::thread watcher_;
};

}  // namespace lockstorm::cli
