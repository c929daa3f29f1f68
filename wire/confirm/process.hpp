// A real tool, run in a group of its own, so that it can be stopped with all that it has started.
#pragma once

#include <sys/types.h>

#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace lockstorm::wire::confirm {

using Environment = std::map<std::string, std::string>;

struct ProcessStart {
  std::vector<std::string> command;  ///< the program's path and its arguments
  std::filesystem::path directory;
  Environment environment;  ///< all of it
  /// What it prints on either stream goes there. Empty: it has this process's streams and is in its group, so
  /// that a terminal's signals reach both.
  std::filesystem::path output{};
};

/// What is left of the group when it is destroyed is killed.
class ToolProcess {
 public:
  /// Or why not, a clause.
  static std::expected<ToolProcess, std::string> start(const ProcessStart& start);
  ToolProcess(ToolProcess&& other) noexcept;
  ToolProcess& operator=(ToolProcess&& other) noexcept;
  ToolProcess(const ToolProcess&) = delete;
  ToolProcess& operator=(const ToolProcess&) = delete;
  ~ToolProcess();

  /// Its exit status, negative: the signal that ended it; nothing: it runs.
  std::optional<int> ended();
  void signal(int number) const;
  void signal_group(int number) const;
  /// What it has printed so far.
  [[nodiscard]] std::string printed() const;

 private:
  ToolProcess(pid_t pid, std::filesystem::path output) : pid_(pid), output_(std::move(output)) {}
  pid_t pid_ = 0;  // 0: moved from
  std::optional<int> status_;
  std::filesystem::path output_;
};

/// Where a program of that name is on PATH; empty: nowhere.
std::filesystem::path program_on_path(std::string_view name);

}  // namespace lockstorm::wire::confirm
