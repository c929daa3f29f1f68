#include "checkers/formats/initial.hpp"

#include <fmt/format.h>

#include "checkers/formats/json_value.hpp"

namespace lockstorm::checkers {
namespace {

InitialPart part_of(const Value& value) {
  if (value.is_nil()) return {.kind = InitialPart::Kind::absent, .value = {}};
  return {.kind = InitialPart::Kind::given, .value = value};
}

}  // namespace

std::expected<Initial, std::string> read_initial(std::string_view text) {
  if (text == "unknown") return Initial{};
  if (text == "absent") return Initial{part_of({}), part_of({})};
  const auto json = formats::read_json_value(text);
  if (!json) return std::unexpected(json.error().message);
  if (json->fields() == nullptr)
    return std::unexpected(
        fmt::format("expected absent, unknown or {{\"state\": ..., \"lock\": ...}}, not {}", to_text(*json)));
  Initial initial;
  for (const auto& [name, value] : *json->fields()) {
    if (name == "state") {
      initial.state = part_of(value);
    } else if (name == "lock") {
      const Value* id = value.field("id");
      if (value.fields() != nullptr && (id == nullptr || value.fields()->size() != 1))
        return std::unexpected(
            fmt::format("expected \"lock\" to be an id or {{\"id\": ...}}, not {}", to_text(value)));
      initial.lock = part_of(id != nullptr ? *id : value);
    } else {
      return std::unexpected(fmt::format("expected \"state\" or \"lock\", not \"{}\"", name));
    }
  }
  return initial;
}

}  // namespace lockstorm::checkers
