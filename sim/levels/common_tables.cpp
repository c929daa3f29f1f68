#include "sim/levels/common_tables.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <set>

namespace lockstorm::sim {

// Tables are what the states that have extended them make of them, one after the other.
template <int W>
void CommonTables<W>::learn_again(const std::filesystem::path& log, std::uint64_t log_bytes) {
  expander_.world().canonical(expander_.world().initial());
  const Bytes written = LevelLog::read(log, log_bytes);
  ByteReader reader(written);
  std::vector<Key<W>> states;
  ExpandedBatch<W> batch;
  while (reader.left<std::byte>() > 0) {
    const auto kind = reader.take<Logged>();
    states.clear();
    reader.take_all(states, reader.take<std::uint32_t>());
    if (kind == Logged::batch) expander_.expand(states, 0, batch);
    if (kind == Logged::end) judge_end(states.front());
  }
}

template <int W>
void CommonTables<W>::note(Logged kind, std::span<const Key<W>> states) {
  if (!log_) return;
  Bytes entry;
  append(entry, kind);
  append(entry, static_cast<std::uint32_t>(states.size()));
  append_all(entry, states);
  log_->append(entry);
}

template <int W>
bool CommonTables<W>::try_frozen(std::span<const Key<W>> states, std::uint64_t first,
                                 ExpandedBatch<W>& batch) {
  const StateTables::Frozen frozen(tables_);
  try {
    expander_.expand(states, first, batch);
    return true;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return false;  // tables that would have to grow, or a key that is too narrow: thrown again in its turn
  }
}

template <int W>
void CommonTables<W>::expand(std::span<const Key<W>> states, std::uint64_t first,
                             std::vector<ExpandedBatch<W>>& batches) {
  batches.resize((states.size() + kBatch - 1) / kBatch);
  deferred_.clear();
  for (std::size_t batch = 0; batch < batches.size(); ++batch) {
    if (!try_frozen(batch_of(states, batch), first + batch * kBatch, batches[batch]))
      deferred_.push_back(batch);
  }
  expand_deferred(states, first, batches);
}

// Every member extends its tables by the same batches in the same order: those of the first member that is
// waiting, as it would be if one thread did it all.
template <int W>
void CommonTables<W>::expand_deferred(std::span<const Key<W>> states, std::uint64_t first,
                                      std::vector<ExpandedBatch<W>>& batches) {
  std::size_t next = 0;
  ExpandedBatch<W> of_others;
  const auto is_known_now = [&](std::size_t batch) {
    return try_frozen(batch_of(states, batch), first + batch * kBatch, batches[batch]);
  };
  for (;;) {
    while (next < deferred_.size() && is_known_now(deferred_[next])) ++next;
    Bytes mine;
    for (std::size_t i = next; i < std::min(next + kDeferredTogether, deferred_.size()); ++i) {
      const auto batch = batch_of(states, deferred_[i]);
      append(mine, static_cast<std::uint32_t>(batch.size()));
      append_all(mine, batch);
    }
    const std::vector<Bytes> all = exchange_.all_gather(mine);
    const auto waiting = std::ranges::find_if(all, [](const Bytes& said) { return !said.empty(); });
    if (waiting == all.end()) return;
    const bool is_mine = static_cast<unsigned>(waiting - all.begin()) == exchange_.rank();
    ByteReader reader(*waiting);
    std::vector<Key<W>> batch;
    while (reader.left<std::byte>() > 0) {
      batch.clear();
      reader.take_all(batch, reader.take<std::uint32_t>());
      note(Logged::batch, batch);
      if (is_mine) {
        const std::size_t number = deferred_[next++];
        expander_.expand(batch, first + number * kBatch, batches[number]);
      } else {
        expander_.expand(batch, 0, of_others);
      }
    }
  }
}

template <int W>
void CommonTables<W>::judge_end(const Key<W>& key) {
  const auto [known, is_new] = ends_.try_emplace(expander_.world().end_state(key), Violations{0});
  if (!is_new) return;
  if (end_check_) known->second = end_check_(tables_.values(), known->first);
  note(Logged::end, std::span(&key, 1));
}

// What has ended in a new way is judged by everybody, for what the judge remembers is each member's own.
template <int W>
void CommonTables<W>::judge_ends(std::span<const Key<W>> states, std::uint64_t first,
                                 std::span<const ExpandedBatch<W>> batches, LevelTotals& found) {
  std::vector<std::pair<std::size_t, EndState>> ended;  // and which of the states has
  std::set<EndState> said;
  Bytes mine;
  for (std::size_t number = 0; number < batches.size(); ++number) {
    for (const std::uint32_t place : batches[number].ends) {
      const std::size_t at = number * kBatch + place;
      const EndState& end = ended.emplace_back(at, expander_.world().end_state(states[at])).second;
      if (!ends_.contains(end) && said.insert(end).second) append(mine, states[at]);
    }
  }
  for (const Bytes& keys : exchange_.all_gather(mine)) {
    ByteReader reader(keys);
    while (reader.left<Key<W>>() > 0) judge_end(reader.take<Key<W>>());
  }
  for (const auto& [at, end] : ended) {
    ++found.end_states;
    if (end.out_of_time()) ++found.cut_off;
    if (const Violations violations = ends_.at(end); violations != 0)
      found.violations.note(violations, expander_.world().adverse_events(states[at]), {first + at, 0, true});
  }
}

template class CommonTables<1>;
template class CommonTables<2>;
template class CommonTables<4>;

}  // namespace lockstorm::sim
