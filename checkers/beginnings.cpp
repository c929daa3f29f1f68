#include "checkers/beginnings.hpp"

#include <algorithm>

namespace lockstorm::checkers {
namespace {

// By when the first of those operations was over, kNever where none was: what comes before all of them in an
// order was invoked before that.
template <class Model, class IsOne>
std::uint32_t first_over(std::span<const Interval<Model>> operations, IsOne is_one) {
  std::uint32_t first = kNever;
  for (const Interval<Model>& one : operations)
    if (is_one(one.operation)) first = std::min(first, one.completed);
  return first;
}

// Of what a get answered, the parts in front of what may have been appended, as far as nothing that anybody
// wrote is in them; all of it, if nothing is.
std::vector<std::string> parts_from_before(const std::string& got, const std::vector<std::string>& written) {
  std::size_t first_end = std::string::npos;
  for (const std::string& one : written)
    if (const std::size_t start = got.find(one); start != std::string::npos)
      first_end = std::min(first_end, start + one.size());
  if (first_end == std::string::npos) return {got};
  std::vector<std::size_t> lengths;
  for (const std::string& one : written)
    for (std::size_t at = got.find(one); at < first_end; at = got.find(one, at + 1)) lengths.push_back(at);
  std::ranges::sort(lengths);
  lengths.erase(std::ranges::unique(lengths).begin(), lengths.end());
  std::vector<std::string> parts;
  for (const std::size_t length : lengths) parts.push_back(got.substr(0, length));
  return parts;
}

}  // namespace

// What somebody found and nobody wrote was there, and two such contradict each other, whichever is tried.
// Else no read shows the beginning. Another value than nil then matters in two ways: a cas that compared
// unequal has not found nil, for which any value does that nobody names; or a cas of unknown result has found
// it. That must come before all writes, and before all reads, as they show something else.
std::vector<models::Cell::State> cell_beginnings(
    std::span<const Interval<models::Cell>> operations,
    const boost::unordered_flat_set<models::Cell::State>& written, models::Cell::State another) {
  using Operation = models::CellOperation;
  const auto expects = [](const Operation& one) {
    return one.kind == Operation::Kind::cas || one.kind == Operation::Kind::failed_cas;
  };
  for (const auto& [invoked, completed, one] : operations) {
    if (completed == kNever || (one.kind != Operation::Kind::read && one.kind != Operation::Kind::cas))
      continue;
    const auto found = expects(one) ? one.expected : one.value;
    if (!written.contains(found)) return {found};
  }
  std::vector<models::Cell::State> beginnings{0};
  const std::uint32_t over =
      first_over(operations, [](const Operation& one) { return one.kind != Operation::Kind::failed_cas; });
  for (const auto& [invoked, completed, one] : operations) {
    if (!expects(one)) continue;
    const bool is_failed = one.kind == Operation::Kind::failed_cas;
    const bool may_come_first = completed == kNever && invoked < over && !written.contains(one.expected);
    if (is_failed ? one.expected != 0 : !may_come_first) continue;
    const auto beginning = is_failed ? another : one.expected;
    if (std::ranges::find(beginnings, beginning) == beginnings.end()) beginnings.push_back(beginning);
  }
  return beginnings;
}

// The beginning matters only to gets that come before all puts. The first of them in the order comes before
// all gets, too.
std::vector<std::string> key_beginnings(std::span<const Interval<models::KeyValue>> operations,
                                        std::vector<std::string> written) {
  using Operation = models::KeyValueOperation;
  std::ranges::sort(written);
  written.erase(std::ranges::unique(written).begin(), written.end());
  const std::uint32_t over =
      first_over(operations, [](const Operation& one) { return one.kind != Operation::Kind::append; });
  std::vector<std::string> beginnings{""};
  for (const auto& [invoked, completed, one] : operations) {
    if (one.kind != Operation::Kind::get || invoked > over) continue;
    for (std::string& part : parts_from_before(one.value, written))
      if (std::ranges::find(beginnings, part) == beginnings.end()) beginnings.push_back(std::move(part));
  }
  return beginnings;
}

// What somebody read and nobody wrote was there, and two such contradict each other, whichever is tried.
models::TerraformState::State state_beginning(
    std::span<const Interval<models::TerraformState>> operations,
    const boost::unordered_flat_set<std::pair<std::uint32_t, std::int64_t>>& written) {
  for (const auto& [invoked, completed, one] : operations)
    if (!one.is_write && one.lineage != 0 && !written.contains({one.lineage, one.serial}))
      return {one.lineage, one.serial};
  return {};
}

}  // namespace lockstorm::checkers
