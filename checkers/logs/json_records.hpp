// The records of a log in JSON: one a line, one after another, in an array, or in {"Records": [...]}.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <string_view>

#include "checkers/history/history.hpp"
#include "checkers/history/value.hpp"

namespace lockstorm::checkers::logs {

struct RecordPlace {
  std::uint32_t line = 1, column = 1;
};

/// Hands over each object, in which numbers that are not whole are texts. Errors say where.
[[nodiscard]] std::expected<void, HistoryError> each_json_record(
    std::string_view text,
    const std::function<std::expected<void, HistoryError>(const Value& record, RecordPlace place)>& take);

}  // namespace lockstorm::checkers::logs
