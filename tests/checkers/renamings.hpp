// What operations do in enumerated histories, and which renamings of processes and values make others of
// them.
//
// Values are made of atoms: letters of texts, numbers, serials and tokens. Two letters are alike, and so are
// two numbers; serials and tokens are alike as far as their order stays; nil and leases are what they are.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checkers/history/history.hpp"

namespace lockstorm::checkers {

/// What is done: an operation's function, outcome and values. An operation of unknown result says nothing; a
/// crash is one event.
struct OperationKind {
  std::string function;
  EventType outcome = EventType::ok;
  Value invoked{}, completed{};
  /// A process that does one thing after the other; -1: one of its own.
  int process = -1;
  friend bool operator==(const OperationKind&, const OperationKind&) = default;
};

/// Numbers that stand alone name something, or come one after the other (tokens).
enum class Numbers : std::uint8_t { names, ordered };

/// [kind]: the kind that it becomes; kNoKind: none of the list's.
using Renaming = std::vector<std::uint8_t>;
inline constexpr std::uint8_t kNoKind = 255;

namespace renaming {

using Atoms = std::set<std::int64_t>;
using AtomMap = std::map<std::int64_t, std::int64_t>;

enum Class : std::uint8_t { letter, number, rank, process, kClasses };

struct Reading {
  Numbers numbers{};
  Atoms atoms[kClasses]{};
  std::optional<AtomMap> maps[kClasses]{};
  bool is_complete = true;

  std::int64_t note(Class of, std::int64_t atom) {
    atoms[of].insert(atom);
    if (!maps[of]) return atom;
    const auto found = maps[of]->find(atom);
    is_complete = is_complete && found != maps[of]->end();
    return found == maps[of]->end() ? atom : found->second;
  }

  Value renamed(const Value& value, std::optional<Class> numbers_are = {}) {
    if (const auto* number_of = value.number())
      return note(numbers_are.value_or(numbers == Numbers::names ? number : rank), *number_of);
    if (const auto* text = value.text()) {
      std::string other;
      for (const char one : *text) other += static_cast<char>(note(letter, one));
      return other;
    }
    if (const auto* list = value.list()) {
      Value::List other;
      for (const Value& one : *list) other.push_back(renamed(one));
      return other;
    }
    if (const auto* fields = value.fields()) {
      Value::Fields other;
      for (const auto& [name, one] : *fields)
        other.emplace_back(name, name == "lease_ns" ? one : renamed(one, rank));
      return other;
    }
    return value;
  }

  OperationKind renamed(const OperationKind& kind) {
    OperationKind other = kind;
    other.invoked = renamed(kind.invoked);
    other.completed = renamed(kind.completed);
    if (kind.process >= 0) other.process = static_cast<int>(note(process, kind.process));
    return other;
  }
};

inline std::vector<AtomMap> permutations(const Atoms& atoms) {
  std::vector<std::int64_t> from(atoms.begin(), atoms.end()), to = from;
  std::vector<AtomMap> all;
  do {
    AtomMap map;
    for (std::size_t i = 0; i < from.size(); ++i) map[from[i]] = to[i];
    all.push_back(std::move(map));
  } while (std::ranges::next_permutation(to).found);
  return all;
}

// Of each part to each other part that is as large: an order-preserving map of some atoms.
inline std::vector<AtomMap> rising_maps(const Atoms& atoms) {
  const std::vector<std::int64_t> all(atoms.begin(), atoms.end());
  const auto part = [&](std::uint32_t bits) {
    std::vector<std::int64_t> some;
    for (std::size_t i = 0; i < all.size(); ++i)
      if ((bits >> i & 1U) != 0) some.push_back(all[i]);
    return some;
  };
  std::vector<AtomMap> maps;
  for (std::uint32_t from = 0; from < 1U << all.size(); ++from) {
    for (std::uint32_t to = 0; to < 1U << all.size(); ++to) {
      const auto some = part(from), others = part(to);
      if (some.size() != others.size()) continue;
      AtomMap map;
      for (std::size_t i = 0; i < some.size(); ++i) map[some[i]] = others[i];
      maps.push_back(std::move(map));
    }
  }
  return maps;
}

// Does `more` do all that `less` does?
inline bool extends(const Renaming& more, const Renaming& less) {
  for (std::size_t i = 0; i < less.size(); ++i)
    if (less[i] != kNoKind && less[i] != more[i]) return false;
  return true;
}

}  // namespace renaming

/// All that change something and leave `fixed` as it is, none of which is a part of another.
inline std::vector<Renaming> renamings_of(const std::vector<OperationKind>& kinds, Numbers numbers,
                                          const Value& fixed = {}) {
  using namespace renaming;
  Reading reading{.numbers = numbers};
  Renaming identity;
  for (const OperationKind& kind : kinds) {
    reading.renamed(kind);
    identity.push_back(static_cast<std::uint8_t>(identity.size()));
  }
  reading.renamed(fixed);
  // Of equal lengths; g++ 12 warns of the comparison of vectors of bytes.
  const auto in_order = [](const Renaming& a, const Renaming& b) {
    const auto [one, other] = std::ranges::mismatch(a, b);
    return one != a.end() && *one < *other;
  };
  std::set<Renaming, decltype(in_order)> all(in_order);
  for (const AtomMap& letters : permutations(reading.atoms[letter])) {
    for (const AtomMap& names : permutations(reading.atoms[number])) {
      for (const AtomMap& processes : permutations(reading.atoms[process])) {
        for (const AtomMap& ranks : rising_maps(reading.atoms[rank])) {
          Reading rename{.numbers = numbers};
          rename.maps[letter] = letters, rename.maps[number] = names;
          rename.maps[process] = processes, rename.maps[rank] = ranks;
          if (rename.renamed(fixed) != fixed || !rename.is_complete) continue;
          Renaming renaming;
          for (const OperationKind& kind : kinds) {
            rename.is_complete = true;
            const OperationKind other = rename.renamed(kind);
            const auto found = std::ranges::find(kinds, other);
            const bool is_there = rename.is_complete && found != kinds.end();
            renaming.push_back(is_there ? static_cast<std::uint8_t>(found - kinds.begin()) : kNoKind);
          }
          all.insert(std::move(renaming));
        }
      }
    }
  }
  std::vector<Renaming> most;
  for (const Renaming& one : all) {
    const auto is_more = [&](const Renaming& other) { return other != one && extends(other, one); };
    if (!extends(identity, one) && std::ranges::none_of(all, is_more)) most.push_back(one);
  }
  return most;
}

/// How many kinds there are if those count once of which a renaming of all kinds makes each other.
inline std::size_t kinds_up_to_renaming(std::size_t kinds, const std::vector<Renaming>& renamings) {
  std::vector<std::size_t> first(kinds);
  for (std::size_t i = 0; i < kinds; ++i) first[i] = i;
  for (const Renaming& renaming : renamings) {
    if (std::ranges::find(renaming, kNoKind) != renaming.end()) continue;
    for (std::size_t i = 0; i < kinds; ++i) {
      const std::size_t from = std::max(first[i], first[renaming[i]]);
      const std::size_t to = std::min(first[i], first[renaming[i]]);
      std::ranges::replace(first, from, to);
    }
  }
  return std::set(first.begin(), first.end()).size();
}

}  // namespace lockstorm::checkers
