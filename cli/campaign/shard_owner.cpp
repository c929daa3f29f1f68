#include "cli/campaign/shard_owner.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "reports/format/version.hpp"
#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using scenarios::ShardOwner;
using scenarios::ShardRow;

std::string file_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// Field 22 of /proc/PID/stat (proc(5)); the name of the program, in parentheses, may hold anything. 0: there
// is no such process.
std::uint64_t start_of(std::int64_t process) {
  const std::string line = file_line(fmt::format("/proc/{}/stat", process));
  const std::size_t behind_name = line.rfind(')');
  if (behind_name == std::string::npos) return 0;
  std::istringstream fields(line.substr(behind_name + 1));
  constexpr int kBehindName = 22 - 3;
  std::string field;
  fields >> field;
  // A zombie has ended: nobody has asked yet how.
  if (field == "Z" || field == "X") return 0;
  for (int i = 0; i < kBehindName; ++i) fields >> field;
  return std::strtoull(field.c_str(), nullptr, 10);
}

std::string variable_of_shard(const char* name) {
  const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody changes it
  return text == nullptr ? std::string() : text;
}

// "JOB_TASK/START", of which there is one start after the other.
std::pair<std::string, unsigned long> task_and_start(const std::string& task) {
  const std::size_t slash = std::min(task.find('/'), task.size());
  return {task.substr(0, slash),
          slash < task.size() ? std::strtoul(task.c_str() + slash + 1, nullptr, 10) : 0UL};
}

}  // namespace

std::chrono::milliseconds LifeWatch::silent_for(const ShardRow& shard, Clock::time_point now) {
  auto [seen, is_new] = seen_.try_emplace(shard.id, Seen{shard.claim, shard.beats, now});
  if (!is_new && (seen->second.claim != shard.claim || seen->second.beats != shard.beats))
    seen->second = {shard.claim, shard.beats, now};
  return std::chrono::duration_cast<std::chrono::milliseconds>(now - seen->second.when);
}

ShardOwner this_process() {
  ShardOwner me;
  std::error_code ignored;
  me.host = file_line("/proc/sys/kernel/hostname");
  me.machine = file_line("/proc/sys/kernel/random/boot_id") + " " +
               fs::read_symlink("/proc/self/ns/pid", ignored).string();
  me.process = ::getpid();
  me.started = start_of(me.process);
  const std::string job = variable_of_shard("SLURM_ARRAY_JOB_ID");
  if (!job.empty())
    me.task = fmt::format("{}_{}/{}", job, variable_of_shard("SLURM_ARRAY_TASK_ID"),
                          std::strtoul(variable_of_shard("SLURM_RESTART_COUNT").c_str(), nullptr, 10));
  if (const std::string node = variable_of_shard("SLURMD_NODENAME"); !node.empty()) me.host = node;
  return me;
}

bool is_gone(const ShardOwner& owner, const ShardOwner& me) {
  const bool is_here = owner.machine == me.machine && !owner.machine.starts_with(' ');
  if (is_here) return start_of(owner.process) != owner.started;
  // Slurm starts a task again when it has given up the start before.
  const auto [task, start] = task_and_start(owner.task);
  const auto [my_task, my_start] = task_and_start(me.task);
  return !task.empty() && task == my_task && start < my_start;
}

std::string this_build() {
  std::ifstream program("/proc/self/exe", std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(program), {});
  return fmt::format("{} {}", reports::kVersion, scenarios::hex(scenarios::fnv1a(bytes)));
}

}  // namespace lockstorm::cli
