#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cli/mpi/mpi.hpp"

namespace lockstorm::cli {
namespace {

// What this process was called with, as execv wants it (proc(5)).
std::vector<std::string> own_arguments() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(in, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

}  // namespace

// The build with MPI, where there is one beside this one, takes over.
std::expected<std::unique_ptr<sim::Exchange>, std::string> join_mpi() {
  std::error_code error;
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "lockstorm-mpi";
  std::vector<std::string> arguments = own_arguments();
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  execv(program.c_str(), words.data());
  return std::unexpected(
      "this lockstorm was built without MPI, and there is no `lockstorm-mpi` beside it; configure with "
      "-DLOCKSTORM_MPI=ON");
}

void abandon_mpi(int) {}

}  // namespace lockstorm::cli
