#include "sim/levels/level_search.hpp"

#include <algorithm>
#include <bit>
#include <exception>
#include <new>
#include <set>

#include "sim/explore/memory_room.hpp"
#include "sim/explore/walk_again.hpp"
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
      end_check_(std::move(end_check)),
      options_(std::move(options)),
      exchange_(*options_.exchange),
      folder_(*options_.folder),
      expander_(tables, monitor, options_.symmetry, options_.reduction),
      set_(used_bits<W>(expander_.world().layout())),
      store_(folder_, exchange_, options_.pass, options_.block_states) {
  require(options_.block_states % kBatch == 0, "blocks that divide the states that are expanded together");
  if (exchange_.size() > 1) asked_.resize(kRemembered);
}

template <int W>
void LevelSearch<W>::begin() {
  const Key<W> start = expander_.world().canonical(expander_.world().initial());
  if (exchange_.rank() == 0) log_.emplace(folder_.log(options_.pass), 0);
  if (is_mine(start)) set_.insert(start);
  if (exchange_.rank() == 0) keep(start, 0);
  round_counts_.assign(1, static_cast<std::uint32_t>(next_.size()));
  settle_level();
}

// Tables are what the states that have extended them make of them, one after the other.
template <int W>
void LevelSearch<W>::learn_again(std::uint64_t log_bytes) {
  expander_.world().canonical(expander_.world().initial());
  const Bytes log = LevelLog::read(folder_.log(options_.pass), log_bytes);
  ByteReader reader(log);
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
void LevelSearch<W>::go_on_from(const LevelManifest& manifest) {
  learn_again(manifest.log_bytes);
  if (tables_.local_count() != manifest.local_states || options_.block_states != manifest.block_states)
    throw LevelFolderRefused(
        "the folder's search does not fit this build: name another folder, or remove it");
  if (exchange_.rank() == 0) log_.emplace(folder_.log(options_.pass), manifest.log_bytes);
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
bool LevelSearch<W>::try_frozen(std::span<const Key<W>> states, std::uint64_t first, std::size_t batch) {
  const StateTables::Frozen frozen(tables_);
  try {
    expander_.expand(batch_of(states, batch), first + batch * kBatch, batches_[batch]);
    return true;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception&) {
    return false;  // tables that would have to grow, or a key that is too narrow: thrown again in its turn
  }
}

template <int W>
void LevelSearch<W>::note(Logged kind, std::span<const Key<W>> states) {
  if (!log_) return;
  Bytes entry;
  append(entry, kind);
  append(entry, static_cast<std::uint32_t>(states.size()));
  append_all(entry, states);
  log_->append(entry);
}

// Every member extends its tables by the same batches in the same order: those of the first member that is
// waiting, as it would be if one thread did it all.
template <int W>
void LevelSearch<W>::expand_deferred(std::span<const Key<W>> states, std::uint64_t first) {
  std::size_t next = 0;
  ExpandedBatch<W> of_others;
  for (;;) {
    while (next < deferred_.size() && try_frozen(states, first, deferred_[next])) ++next;
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
        expander_.expand(batch, first + number * kBatch, batches_[number]);
      } else {
        expander_.expand(batch, 0, of_others);
      }
    }
  }
}

template <int W>
void LevelSearch<W>::judge_end(const Key<W>& key) {
  const auto [known, is_new] = ends_.try_emplace(expander_.world().end_state(key), Violations{0});
  if (!is_new) return;
  if (end_check_) known->second = end_check_(tables_.values(), known->first);
  note(Logged::end, std::span(&key, 1));
}

// What has ended in a new way is judged by everybody, for what the judge remembers is each member's own.
template <int W>
void LevelSearch<W>::judge_ends(std::span<const Key<W>> states, std::uint64_t first) {
  std::vector<std::pair<std::size_t, EndState>> ended;  // and which of the states has
  std::set<EndState> said;
  Bytes mine;
  for (std::size_t number = 0; number < batches_.size(); ++number) {
    for (const std::uint32_t place : batches_[number].ends) {
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
    ++found_.end_states;
    if (end.out_of_time()) ++found_.cut_off;
    if (const Violations violations = ends_.at(end); violations != 0)
      found_.violations.note(violations, expander_.world().adverse_events(states[at]), {first + at, 0, true});
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
      reached_.push_back(first + number * kBatch + successor.parent);
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
  batches_.resize((states.size() + kBatch - 1) / kBatch);
  deferred_.clear();
  for (std::size_t batch = 0; batch < batches_.size(); ++batch)
    if (!try_frozen(states, first, batch)) deferred_.push_back(batch);
  expand_deferred(states, first);
  for (const ExpandedBatch<W>& batch : batches_) {
    found_.transitions += batch.successors.size();
    for (std::size_t kind = 0; kind < kFaultKinds; ++kind) found_.fired[kind] += batch.fired[kind];
    found_.violations.add(batch.violations);
  }
  judge_ends(states, first);
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

// What all have found of the next level, round by round and in each round member by member, is in order;
// blocks of it go to the members in turn.
template <int W>
void LevelSearch<W>::deal_out(const std::vector<std::vector<std::uint32_t>>& found) {
  const unsigned members = exchange_.size();
  const auto for_each_piece = [&](const auto& use) {  // use(finder, receiver, count)
    std::uint64_t at = 0;
    for (std::size_t round = 0; round < found.front().size(); ++round) {
      for (unsigned finder = 0; finder < members; ++finder) {
        for (std::uint64_t left = found[finder][round]; left > 0;) {
          const std::uint64_t count = std::min(left, options_.block_states - at % options_.block_states);
          use(finder, static_cast<unsigned>(at / options_.block_states % members), count);
          at += count;
          left -= count;
        }
      }
    }
  };
  std::vector<Bytes> to(members);
  std::size_t place = 0;
  for_each_piece([&](unsigned finder, unsigned receiver, std::uint64_t count) {
    if (finder != exchange_.rank()) return;
    append_all(to[receiver], std::span<const Key<W>>(next_).subspan(place, count));
    append_all(to[receiver], std::span<const std::uint64_t>(parents_).subspan(place, count));
    place += count;
  });
  next_.clear();
  parents_.clear();
  const std::vector<Bytes> got = exchange_.all_to_all(std::move(to));
  std::vector<ByteReader> readers(got.begin(), got.end());
  for_each_piece([&](unsigned finder, unsigned receiver, std::uint64_t count) {
    if (receiver != exchange_.rank()) return;
    readers[finder].take_all(next_, count);
    readers[finder].take_all(parents_, count);
  });
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
  if (exchange_.size() > 1) deal_out(found);
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
  if (!log_) return;
  log_->flush();
  folder_.write({.words = W,
                 .pass = options_.pass,
                 .block_states = options_.block_states,
                 .is_done = is_done ? 1U : 0U,
                 .log_bytes = log_->bytes(),
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
    learn_again(std::filesystem::file_size(folder_.log(options_.pass)));
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
