#include "sim/levels/level_search.hpp"

#include <algorithm>
#include <bit>

#include "sim/explore/memory_room.hpp"
#include "sim/explore/walk_again.hpp"
#include "sim/levels/deal_out.hpp"
#include "sim/levels/hang_sweep.hpp"

namespace lockstorm::sim {
namespace {

template <int W>
std::array<unsigned, W> used_bits(const StateLayout& layout) {
  std::array<unsigned, W> bits{};
  const auto use = [&](const Field& field) {
    if (field.mask == 0) return;
    unsigned& most = bits[field.word];
    most = std::max(most, static_cast<unsigned>(field.shift + std::bit_width(field.mask)));
  };
  std::ranges::for_each(layout.process, use);
  std::ranges::for_each(layout.service, use);
  std::ranges::for_each(layout.budget, use);
  use(layout.clock);
  return bits;
}

}  // namespace

template <int W>
LevelSearch<W>::LevelSearch(StateTables& tables, const AnyMonitor& monitor, EndCheck end_check,
                            LevelSearchOptions options)
    : tables_(tables),
      options_(std::move(options)),
      exchange_(*options_.exchange),
      folder_(*options_.folder),
      expander_(tables, monitor, options_.symmetry, options_.reduction),
      common_(tables, expander_, std::move(end_check), exchange_),
      set_(used_bits<W>(expander_.world().layout())),
      store_(folder_, exchange_, options_.pass, options_.block_states) {
  require(options_.block_states % CommonTables<W>::kBatch == 0,
          "blocks that divide the states that are expanded together");
  if (exchange_.size() > 1) asked_.resize(kRemembered);
}

template <int W>
void LevelSearch<W>::begin() {
  const Key<W> start = expander_.world().canonical(expander_.world().initial());
  if (exchange_.rank() == 0) common_.keep_log(folder_.log(options_.pass), 0);
  if (is_mine(start)) set_.insert(start);
  if (exchange_.rank() == 0) keep(start, 0);
  round_counts_.assign(1, static_cast<std::uint32_t>(next_.size()));
  settle_level();
}

template <int W>
void LevelSearch<W>::go_on_from(const LevelManifest& manifest) {
  common_.learn_again(folder_.log(options_.pass), manifest.log_bytes);
  if (tables_.local_count() != manifest.local_states || options_.block_states != manifest.block_states)
    throw LevelFolderRefused(
        "the folder's search does not fit this build: name another folder, or remove it");
  if (exchange_.rank() == 0) common_.keep_log(folder_.log(options_.pass), manifest.log_bytes);
  totals_ = manifest.totals;
  for (std::size_t level = 0; level < manifest.levels.size(); ++level) {
    store_.add(manifest.levels[level]);
    const bool is_last = level + 1 == manifest.levels.size();
    std::uint64_t place = 0;
    store_.for_each_in_order(level, [&](const Key<W>& key) {
      if (is_mine(key)) set_.insert(key);
      if (is_last && !manifest.is_done &&
          place / options_.block_states % exchange_.size() == exchange_.rank())
        frontier_.push_back(key);
      ++place;
    });
    tell({.level = level, .kind = LevelProgress::Kind::read_again});
  }
}

template <int W>
void LevelSearch<W>::keep(const Key<W>& key, std::uint64_t parent) {
  next_.push_back(key);
  parents_.push_back(parent);
  ++found_.states;
  found_.fingerprint += hash_key(key);
}

// What was asked for before is known, or was found then.
template <int W>
bool LevelSearch<W>::was_asked_lately(const Key<W>& key) {
  if (asked_.empty()) return false;
  std::optional<Key<W>>& lately = asked_[hash_key(key) % kRemembered];
  if (lately == key) return true;
  lately = key;
  return false;
}

// Owners take what each member has found in the order of members, so that whoever comes first in the order of
// states has found it.
template <int W>
void LevelSearch<W>::store(std::uint64_t first) {
  candidates_.clear();
  reached_.clear();
  for (std::size_t number = 0; number < batches_.size(); ++number) {
    for (const auto& successor : batches_[number].successors) {
      if (was_asked_lately(successor.key)) continue;
      candidates_.push_back(successor.key);
      reached_.push_back(first + number * CommonTables<W>::kBatch + successor.parent);
    }
  }
  const std::vector<std::uint8_t> is_new = ask_owners<W>(
      exchange_, candidates_, [&](std::span<const Key<W>> keys, std::span<std::uint8_t> answers) {
        set_.for_each_of(keys, [&](std::size_t i) { answers[i] = set_.insert(keys[i]) ? 1 : 0; });
      });
  for (std::size_t i = 0; i < candidates_.size(); ++i)
    if (is_new[i] != 0) keep(candidates_[i], reached_[i]);
}

template <int W>
void LevelSearch<W>::expand_round(std::span<const Key<W>> states, std::uint64_t first) {
  common_.expand(states, first, batches_);
  for (const ExpandedBatch<W>& batch : batches_) {
    found_.transitions += batch.successors.size();
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind) found_.fired[kind] += batch.fired[kind];
    found_.violations.add(batch.violations);
  }
  common_.judge_ends(states, first, batches_, found_);
  const std::size_t before = next_.size();
  store(first);
  round_counts_.push_back(static_cast<std::uint32_t>(next_.size() - before));
}

// In rounds of one block for each member.
template <int W>
void LevelSearch<W>::expand_level() {
  const std::size_t level = store_.levels() - 1;
  const std::uint64_t states = store_.sizes()[level].states;
  const std::uint64_t round = options_.block_states * exchange_.size();
  const std::span<const Key<W>> mine(frontier_);
  round_counts_.clear();
  for (std::uint64_t begin = 0, at = 0; begin < states; begin += round) {
    const std::uint64_t count = std::min<std::uint64_t>(options_.block_states, mine.size() - at);
    expand_round(mine.subspan(at, count),
                 store_.first(level) + begin + exchange_.rank() * options_.block_states);
    at += count;
  }
}

template <int W>
void LevelSearch<W>::settle_level() {
  Bytes mine;
  append(mine, found_);
  append_all(mine, std::span<const std::uint32_t>(round_counts_));
  std::vector<std::vector<std::uint32_t>> found;
  std::uint64_t states = 0;
  for (const Bytes& said : exchange_.all_gather(mine)) {
    ByteReader reader(said);
    const auto of_member = reader.take<LevelTotals>();
    totals_.add(of_member);
    states += of_member.states;
    reader.take_all(found.emplace_back(), reader.left<std::uint32_t>());
  }
  found_ = {};
  if (exchange_.size() > 1) deal_out<W>(exchange_, options_.block_states, found, next_, parents_);
  if (states > 0) {
    const std::size_t level = store_.levels();
    LevelWriter<W> writer(folder_.level(options_.pass, level, exchange_.rank()));
    for (std::size_t i = 0; i < next_.size(); ++i) writer.add(next_[i], parents_[i]);
    writer.close();
    store_.add({states, exchange_.size()});
    tell({.level = level});
  }
  frontier_ = std::exchange(next_, {});
  parents_.clear();
  checkpoint(states == 0);
}

// Nobody says that a level is there before everybody's part of it is.
template <int W>
void LevelSearch<W>::checkpoint(bool is_done) {
  exchange_.all_gather({});
  LevelLog* const log = common_.log();
  if (log == nullptr) return;
  log->flush();
  folder_.write({.words = W,
                 .pass = options_.pass,
                 .block_states = options_.block_states,
                 .is_done = is_done ? 1U : 0U,
                 .log_bytes = log->bytes(),
                 .local_states = tables_.local_count(),
                 .totals = totals_,
                 .levels = store_.sizes()});
}

template <int W>
std::size_t LevelSearch<W>::memory_bytes() const {
  return set_.memory_bytes_soon() + (frontier_.capacity() + next_.capacity()) * sizeof(Key<W>) +
         parents_.capacity() * sizeof(std::uint64_t);
}

template <int W>
bool LevelSearch<W>::has_room() const {
  const std::size_t besides = options_.program_bytes + tables_.memory_bytes();
  return memory_bytes() <= room_for_states(options_.max_bytes, besides);
}

template <int W>
void LevelSearch<W>::tell(LevelProgress progress) const {
  if (!options_.on_level) return;
  progress.states = store_.sizes()[progress.level].states;
  progress.all_states = store_.end();
  progress.memory_bytes = memory_bytes();
  progress.bytes_sent = exchange_.bytes_sent();
  options_.on_level(progress);
}

// Where one member has too little, all stop: there is nobody to do its part.
template <int W>
bool LevelSearch<W>::all_have_room() {
  return std::ranges::min(gather(exchange_, has_room() ? 1 : 0)) == 1;
}

// False: it has stopped for want of memory.
template <int W>
bool LevelSearch<W>::explore_all(bool is_done) {
  while (!is_done) {
    const std::size_t before = store_.levels();
    expand_level();
    settle_level();
    is_done = store_.levels() == before;
    if (!is_done && !all_have_room()) return false;
  }
  return true;
}

template <int W>
void LevelSearch<W>::find_hangs(ExploreResult& result) {
  HangSweep<W> sweep(expander_, set_, store_, exchange_);
  sweep.run([&](std::size_t level) { tell({.level = level, .kind = LevelProgress::Kind::looked_at_again}); });
  const typename HangSweep<W>::Hangs hangs = sweep.hangs();
  if (!hangs.first) return;
  totals_.violations.note(static_cast<Violations>(1U << options_.hang_property), hangs.fewest_events,
                          {*hangs.first, 0, true});
  result.fewest_to_hang = hangs.fewest_events;
}

template <int W>
ExploreResult LevelSearch<W>::run() {
  const std::optional<LevelManifest> manifest = folder_.manifest();
  ExploreResult result;
  if (manifest && manifest->pass > options_.pass) {
    const std::filesystem::path log = folder_.log(options_.pass);
    common_.learn_again(log, std::filesystem::file_size(log));
    result.complete = true;  // and the automata grew, or there would be no later pass
    return result;
  }
  const bool goes_on = manifest && manifest->pass == options_.pass && manifest->words == W;
  if (goes_on)
    go_on_from(*manifest);
  else
    begin();
  result.complete = explore_all(goes_on && manifest->is_done != 0);
  if (!result.complete) {
    result.out_of_memory = true;
    result.why_incomplete = beyond_memory(options_.max_bytes, store_.end());
  }
  tables_.check_promises();
  if (result.complete && options_.hang_property != kUnknown) find_hangs(result);
  result.states = totals_.states;
  result.transitions = totals_.transitions;
  result.end_states = totals_.end_states;
  result.cut_off = totals_.cut_off;
  result.depth = store_.levels() - 1;
  result.fingerprint = totals_.fingerprint;
  result.fired = totals_.fired;
  result.memory_bytes = memory_bytes();
  result.violated = totals_.violations.violated;
  result.fewest = totals_.violations.fewest;
  return result;
}

template <int W>
std::optional<Schedule> LevelSearch<W>::schedule_to(unsigned property) {
  const std::optional<FarPlace>& finding = totals_.violations.first[property];
  if (!finding) return std::nullopt;
  std::optional<std::uint32_t> last_step;
  if (!finding->at_end) last_step = finding->step;
  return walk_again(expander_.world(), store_.path_to(finding->state), options_.reduction, last_step);
}

template class LevelSearch<1>;
template class LevelSearch<2>;
template class LevelSearch<4>;

}  // namespace lockstorm::sim
