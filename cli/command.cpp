#include "cli/command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "scenarios/verdict.hpp"

namespace lockstorm::cli {

unsigned Global::threads() const {
  return jobs > 0 ? jobs : std::max(1U, std::thread::hardware_concurrency());
}

int bad_input(const scenarios::InputError& error) {
  std::fflush(stdout);
  fmt::print(stderr, "{}\n", error.render());
  return scenarios::kExitBadInput;
}

reports::Style stdout_style() {
  const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  const bool wanted = no_colour == nullptr || *no_colour == '\0';
  return {.colour = wanted && isatty(STDOUT_FILENO) != 0, .width = 100};
}

void print_report(const Global& global, const std::string& text) {
  if (!global.stdout_is_taken()) std::fwrite(text.data(), 1, text.size(), stdout);
}

}  // namespace lockstorm::cli
