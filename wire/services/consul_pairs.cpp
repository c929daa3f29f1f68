#include "wire/services/consul_pairs.hpp"

#include <algorithm>

namespace lockstorm::wire {

const ConsulPair* ConsulPairs::find(const std::string& key) const {
  const auto found = pairs_.find(key);
  return found == pairs_.end() ? nullptr : &found->second;
}

std::uint64_t ConsulPairs::modify_index(const std::string& key) const {
  const ConsulPair* const pair = find(key);
  return pair == nullptr ? 0 : pair->modify_index;
}

void ConsulPairs::write(const ConsulAsked& asked, bool is_a_change) {
  const auto [found, is_new] = pairs_.try_emplace(asked.key);
  ConsulPair& pair = found->second;
  if (!is_new && !is_a_change && pair.text == asked.text && pair.flags == asked.flags) return;
  pair.text = asked.text;
  pair.flags = asked.flags;
  pair.modify_index = ++index_;
  if (is_new) pair.create_index = index_;
}

void ConsulPairs::touch(const std::string& key) {
  const auto found = pairs_.find(key);
  if (found != pairs_.end()) found->second.modify_index = ++index_;
}

void ConsulPairs::remove(const std::string& key) {
  std::vector<std::string> going;
  if (key.ends_with('/')) going = keys_below(key);
  if (pairs_.contains(key)) going.push_back(key);
  if (!going.empty()) ++index_;
  for (const std::string& one : going) {
    pairs_.erase(one);
    removed_[one] = index_;
  }
}

std::uint64_t ConsulPairs::index_of(const std::string& key, bool is_prefix) const {
  std::uint64_t index = 1;
  const auto look = [&](const auto& map, const auto& index_in) {
    for (auto at = map.lower_bound(key); at != map.end() && at->first.starts_with(key); ++at)
      if (is_prefix || at->first == key) index = std::max(index, index_in(at->second));
  };
  look(pairs_, [](const ConsulPair& pair) { return pair.modify_index; });
  look(removed_, [](std::uint64_t removed) { return removed; });
  return index;
}

std::vector<std::string> ConsulPairs::keys_below(const std::string& prefix) const {
  std::vector<std::string> keys;
  for (auto at = pairs_.lower_bound(prefix); at != pairs_.end() && at->first.starts_with(prefix); ++at)
    keys.push_back(at->first);
  return keys;
}

std::vector<std::string> ConsulPairs::folders_below(const std::string& prefix,
                                                    const std::string& separator) const {
  std::vector<std::string> folders;
  for (const std::string& key : keys_below(prefix)) {
    const std::size_t cut = separator.empty() ? std::string::npos : key.find(separator, prefix.size());
    std::string folder = cut == std::string::npos ? key : key.substr(0, cut + separator.size());
    if (folders.empty() || folders.back() != folder) folders.push_back(std::move(folder));
  }
  return folders;
}

}  // namespace lockstorm::wire
