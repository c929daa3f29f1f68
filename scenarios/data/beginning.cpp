#include "scenarios/data/beginning.hpp"

#include <fmt/format.h>

#include "scenarios/data/fnv1a.hpp"

namespace lockstorm::scenarios {

std::string canonical_text(const Beginning& beginning) {
  std::string contents;
  for (const InheritedService& service : beginning.services)
    contents += fmt::format("{}:{}:", service.name, service.value.bytes.size()) + service.value.bytes;
  contents += sim::encode_value(beginning.errored);
  return fmt::format("begins|{}|{:08x}|", beginning.long_ago, fnv1a(contents));
}

std::string name_prefix(const Beginning& beginning) {
  return fmt::format("after/{}{}/{}/then/", beginning.ending, beginning.long_ago ? ",long-ago" : "",
                     beginning.after);
}

}  // namespace lockstorm::scenarios
