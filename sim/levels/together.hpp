// What the members of a search do together: say a value to all, and ask the owners of states about them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/explore/state_set.hpp"
#include "sim/levels/exchange.hpp"

namespace lockstorm::sim {

/// What each member has said, in the order of members.
template <class T>
std::vector<T> gather(Exchange& exchange, const T& mine) {
  Bytes said;
  append(said, mine);
  std::vector<T> all;
  for (const Bytes& of_member : exchange.all_gather(said))
    all.push_back(ByteReader(of_member).template take<T>());
  return all;
}

/// Who knows whether that state was visited.
template <int W>
unsigned owner_of(const Key<W>& key, const Exchange& exchange) {
  return static_cast<unsigned>((hash_key(key) >> 32U) * exchange.size() >> 32U);
}

/// The keys that each member has for this one to answer for.
template <int W>
std::vector<std::vector<Key<W>>> send_to_owners(Exchange& exchange, std::span<const Key<W>> keys) {
  std::vector<Bytes> to(exchange.size());
  for (const Key<W>& key : keys) append(to[owner_of(key, exchange)], key);
  std::vector<std::vector<Key<W>>> got;
  for (const Bytes& said : exchange.all_to_all(std::move(to))) {
    ByteReader reader(said);
    reader.take_all(got.emplace_back(), reader.template left<Key<W>>());
  }
  return got;
}

/// Calls `use(keys)` where the keys of all members have their owner, those of one member after the other.
template <int W, class Use>
void tell_owners(Exchange& exchange, std::span<const Key<W>> keys, const Use& use) {
  if (exchange.size() == 1) return use(keys);
  for (const std::vector<Key<W>>& of_member : send_to_owners(exchange, keys))
    use(std::span<const Key<W>>(of_member));
}

/// The same with an answer for each key: `answer(keys, answers)`.
template <int W, class Answer>
std::vector<std::uint8_t> ask_owners(Exchange& exchange, std::span<const Key<W>> keys, const Answer& answer) {
  std::vector<std::uint8_t> answers(keys.size());
  if (exchange.size() == 1) {
    answer(keys, std::span(answers));
    return answers;
  }
  std::vector<Bytes> replies;
  for (const std::vector<Key<W>>& of_member : send_to_owners(exchange, keys)) {
    std::vector<std::uint8_t> reply(of_member.size());
    answer(std::span<const Key<W>>(of_member), std::span(reply));
    append_all(replies.emplace_back(), std::span<const std::uint8_t>(reply));
  }
  const std::vector<Bytes> got = exchange.all_to_all(std::move(replies));
  std::vector<ByteReader> readers(got.begin(), got.end());
  for (std::size_t i = 0; i < keys.size(); ++i)
    answers[i] = readers[owner_of(keys[i], exchange)].template take<std::uint8_t>();
  return answers;
}

}  // namespace lockstorm::sim
