#include "wire/confirm/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace lockstorm::wire::confirm {
namespace {

// What posix_spawn is told, released whichever way it is left.
struct SpawnSettings {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::expected<ToolProcess, std::string> ToolProcess::start(const ProcessStart& start) {
  SpawnSettings settings;
  posix_spawn_file_actions_addchdir_np(&settings.actions, start.directory.c_str());
  const bool is_apart = !start.output.empty();
  if (is_apart) {
    posix_spawn_file_actions_addopen(&settings.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&settings.actions, STDOUT_FILENO, start.output.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&settings.actions, STDOUT_FILENO, STDERR_FILENO);
  }
  // A connection of ours that it had open would not end when we close it.
  posix_spawn_file_actions_addclosefrom_np(&settings.actions, STDERR_FILENO + 1);
  // Signals are as a shell would leave them, whatever this process does with its own.
  sigset_t all;
  sigfillset(&all);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&settings.attributes, &all);
  posix_spawnattr_setsigmask(&settings.attributes, &none);
  constexpr int kSignals = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  const auto flags = static_cast<short>(is_apart ? POSIX_SPAWN_SETSID | kSignals : kSignals);
  posix_spawnattr_setflags(&settings.attributes, flags);
  std::vector<std::string> words = start.command;
  std::vector<std::string> variables;
  for (const auto& [name, value] : start.environment) variables.push_back(name + "=" + value);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, words.front().c_str(), &settings.actions, &settings.attributes,
                                pointers_to(words).data(), pointers_to(variables).data());
  if (error != 0) return std::unexpected(words.front() + ": " + std::strerror(error));
  return ToolProcess(pid, start.output);
}

ToolProcess::ToolProcess(ToolProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), status_(other.status_), output_(std::move(other.output_)) {}

ToolProcess& ToolProcess::operator=(ToolProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  std::swap(output_, other.output_);
  return *this;
}

ToolProcess::~ToolProcess() {
  if (pid_ == 0) return;
  // Also after the tool itself has ended: what it has started may go on.
  signal_group(SIGKILL);
  if (!status_) waitpid(pid_, nullptr, 0);
}

std::optional<int> ToolProcess::ended() {
  if (status_ || pid_ == 0) return status_;
  int raw = 0;
  if (waitpid(pid_, &raw, WNOHANG) != pid_) return std::nullopt;
  status_ = WIFSIGNALED(raw) ? -WTERMSIG(raw) : WEXITSTATUS(raw);
  return status_;
}

void ToolProcess::signal(int number) const {
  if (pid_ != 0 && !status_) kill(pid_, number);
}

void ToolProcess::signal_group(int number) const {
  if (output_.empty()) return signal(number);  // it leads no group
  if (pid_ != 0) kill(-pid_, number);
}

std::string ToolProcess::printed() const {
  std::ifstream file(output_, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::filesystem::path program_on_path(std::string_view name) {
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    const std::filesystem::path candidate = std::filesystem::path(folder) / name;
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return {};
}

}  // namespace lockstorm::wire::confirm
