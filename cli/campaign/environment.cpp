#include "cli/campaign/environment.hpp"

#include <unistd.h>

#include <string>
#include <string_view>

namespace lockstorm::cli {

wire::confirm::Environment whole_environment() {
  wire::confirm::Environment all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      all.emplace(std::string(text.substr(0, equals)), std::string(text.substr(equals + 1)));
  }
  return all;
}

}  // namespace lockstorm::cli
