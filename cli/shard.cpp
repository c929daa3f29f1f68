#include "cli/shard.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace lockstorm::cli {
namespace {

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<std::string> variable(const char* name) {
  if (name == nullptr) return std::nullopt;
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read before any thread is started
  return text == nullptr || *text == '\0' ? std::nullopt : std::optional<std::string>(text);
}

// Variables with the index of a part, with the number of parts, and the index of the first part.
struct Convention {
  const char* index;
  const char* count;
  const char* first;  ///< variable, or null: 0
};
constexpr Convention kConventions[] = {
    {"LOCKSTORM_SHARD_INDEX", "LOCKSTORM_TOTAL_SHARDS", nullptr},
    {"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", nullptr},
    {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", nullptr},
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"},
};

std::expected<scenarios::Shard, std::string> checked(unsigned index, unsigned count, std::string_view from) {
  if (count == 0 || index >= count)
    return std::unexpected(fmt::format("{}: part {} of {} does not exist", from, index + 1, count));
  if (count > scenarios::kLanes)
    return std::unexpected(
        fmt::format("{}: a campaign has {} parts at most, not {}", from, scenarios::kLanes, count));
  return scenarios::Shard{index, count};
}

}  // namespace

std::expected<scenarios::Shard, std::string> read_shard(const std::string& text) {
  if (!text.empty()) {
    const std::size_t slash = text.find('/');
    const auto part = number(std::string_view(text).substr(0, slash));
    const auto count =
        slash == std::string::npos ? std::nullopt : number(std::string_view(text).substr(slash + 1));
    if (!part || !count || *part == 0)
      return std::unexpected(fmt::format("--shard {}: expected K/N, e.g. 1/4", text));
    return checked(*part - 1, *count, "--shard " + text);
  }
  std::string half;
  for (const Convention& convention : kConventions) {
    const auto index = variable(convention.index);
    const auto count = variable(convention.count);
    if (index.has_value() != count.has_value() && half.empty())
      half = fmt::format("{} is set, but {} is not: set both, or say --shard K/N (1/1 is the whole)",
                         index ? convention.index : convention.count,
                         index ? convention.count : convention.index);
    if (!index || !count) continue;
    const std::string said = variable(convention.first).value_or("0");
    const auto part = number(*index);
    const auto parts = number(*count);
    const auto first = number(said);
    // Making the whole instead would look like a part that found nothing.
    if (!part || !parts || !first || *first > *part)
      return std::unexpected(
          fmt::format("{}={}, {}={}: expected the number of a part, and how many there are", convention.index,
                      *index, convention.count, *count));
    return checked(*part - *first, *parts, convention.index);
  }
  // The same here, unless another convention says it all.
  if (!half.empty()) return std::unexpected(half);
  return scenarios::Shard{};
}

}  // namespace lockstorm::cli
