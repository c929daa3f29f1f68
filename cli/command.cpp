#include "cli/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "cli/output_file.hpp"
#include "scenarios/data/verdict.hpp"

namespace lockstorm::cli {

unsigned Global::threads() const {
  return jobs > 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
}

void print_error(std::string_view text) {
  std::fflush(stdout);
  (void)!std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

int bad_input(const scenarios::InputError& error) {
  print_error(error.render() + "\n");
  return scenarios::kExitBadInput;
}

reports::Style stdout_style() {
  const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  const bool wanted = no_colour == nullptr || *no_colour == '\0';
  return {.colour = wanted && isatty(STDOUT_FILENO) != 0, .width = 100};
}

void print_whole(const std::string& text) {
  if (const auto error = write_output_file("-", text)) throw CannotPrint{*error};
}

}  // namespace lockstorm::cli
