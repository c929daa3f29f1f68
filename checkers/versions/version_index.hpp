// Numbers for the values that name versions, and versions by what tells them apart.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "checkers/history/value_hash.hpp"
#include "checkers/versions/version_history.hpp"

namespace lockstorm::checkers {

// A number for each different value, in the order in which they come.
class Numbering {
 public:
  std::uint32_t of(const Value& value) {
    return numbers_.try_emplace(value, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }
  [[nodiscard]] std::size_t size() const { return numbers_.size(); }

 private:
  boost::unordered_flat_map<Value, std::uint32_t, ValueHash> numbers_;
};

// What tells a version from the others of its state: an element of a list, or a writer and a serial.
struct Identity {
  std::uint32_t state = 0;
  std::uint32_t name = 0;
  std::optional<std::int64_t> serial;
  friend bool operator==(const Identity&, const Identity&) = default;
};

// Versions by their identity. It holds nothing but their numbers: a history has millions of versions, and
// memory is what takes the time.
class VersionIndex {
 public:
  explicit VersionIndex(const std::vector<Version>& versions)
      : numbers_(0, Hash{&versions}, Equal{&versions}) {}

  [[nodiscard]] std::uint32_t find(const Identity& identity) const {
    const auto found = numbers_.find(identity);
    return found == numbers_.end() ? kNone : *found;
  }
  void add(std::uint32_t version) { numbers_.insert(version); }

 private:
  static Identity identity_of(const Version& version) {
    return {version.state, version.name, version.serial};
  }

  struct Hash {
    using is_transparent = void;
    const std::vector<Version>* versions;
    std::size_t operator()(const Identity& identity) const {
      const auto names = (std::uint64_t{identity.state} << 32U) | identity.name;
      return mix(mix(names, 5), static_cast<std::uint64_t>(identity.serial.value_or(-1)));
    }
    std::size_t operator()(std::uint32_t version) const { return (*this)(identity_of((*versions)[version])); }
  };
  struct Equal {
    using is_transparent = void;
    const std::vector<Version>* versions;
    bool operator()(std::uint32_t a, std::uint32_t b) const { return a == b; }
    bool operator()(const Identity& a, std::uint32_t b) const { return a == identity_of((*versions)[b]); }
    bool operator()(std::uint32_t a, const Identity& b) const { return (*this)(b, a); }
  };
  boost::unordered_flat_set<std::uint32_t, Hash, Equal> numbers_;
};

}  // namespace lockstorm::checkers
