// The keys of a modelled Consul as bytes, with the indexes that tell when each was changed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "wire/services/consul_codec.hpp"

namespace lockstorm::wire {

struct ConsulPair {
  std::string text;
  std::uint64_t flags = 0, create_index = 0, modify_index = 0, lock_index = 0;
};

class ConsulPairs {
 public:
  /// Null: there is no such key.
  [[nodiscard]] const ConsulPair* find(const std::string& key) const;
  [[nodiscard]] std::uint64_t modify_index(const std::string& key) const;

  /// Identical bytes keep their index (backend-protocols.md 4.4.1), unless something else has changed.
  void write(const ConsulAsked& asked, bool is_a_change);
  /// The lock at a key was taken, or has lost its session.
  void lock(const std::string& key) { ++pairs_[key].lock_index; }
  void touch(const std::string& key);
  /// One key, or all below it where it ends with a slash.
  void remove(const std::string& key);
  std::uint64_t next_index() { return ++index_; }

  /// When the key, or anything below it, was changed last.
  [[nodiscard]] std::uint64_t index_of(const std::string& key, bool is_prefix) const;
  [[nodiscard]] std::vector<std::string> keys_below(const std::string& prefix) const;
  /// The same, each only as far as the first separator after the prefix.
  [[nodiscard]] std::vector<std::string> folders_below(const std::string& prefix,
                                                       const std::string& separator) const;

 private:
  std::map<std::string, ConsulPair> pairs_;
  std::map<std::string, std::uint64_t> removed_;  ///< keys that were there: when they went
  std::uint64_t index_ = 1;
};

}  // namespace lockstorm::wire
