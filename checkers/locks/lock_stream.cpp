#include "checkers/locks/lock_stream.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <map>
#include <string>

#include "checkers/formats/json_documents.hpp"
#include "checkers/formats/json_event.hpp"
#include "checkers/locks/lock_reader.hpp"
#include "checkers/locks/plain_lock.hpp"

namespace lockstorm::checkers {
namespace {

namespace dom = simdjson::dom;

using Lock = PlainLock<std::string, false>;

// What a line says, with texts that last until the next one.
struct OneLine {
  LockEvent event;
  std::string_view function, key, id;
};

// Nil, a token, or {id, token, lease_ns}.
bool get_grant(const dom::element& element, OneLine& line) {
  LockEvent& event = line.event;
  if (element.is_null()) return true;
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS)
    return element.get(event.token.emplace()) == simdjson::SUCCESS;
  for (const auto& [name, field] : object) {
    if (name == "id") {
      if (!line.id.empty() || field.get(line.id) != simdjson::SUCCESS || line.id.empty()) return false;
    } else if (name == "token") {
      if (event.token || field.get(event.token.emplace()) != simdjson::SUCCESS) return false;
    } else {
      std::int64_t lease = 0;
      if (name != "lease_ns" || event.lease || field.get(lease) != simdjson::SUCCESS || lease < 0)
        return false;
      event.lease.emplace(lease);
    }
  }
  return true;
}

bool read_line(const dom::object& object, OneLine& line) {
  return formats::read_event(object, line.event, [&](formats::EventField field, const dom::element& item) {
    if (field == formats::EventField::value) return get_grant(item, line);
    if (field == formats::EventField::function) return item.get(line.function) == simdjson::SUCCESS;
    return item.get(line.key) == simdjson::SUCCESS && !line.key.empty();
  });
}

}  // namespace

struct LockStream::State {
  // What is remembered of a process: its call, and the lock that it named last, which it mostly names again.
  struct Client {
    Lock::Call call;
    std::string function;
    const std::string* key = nullptr;
    std::size_t lock = 0;
  };

  bool add(const OneLine& line) {
    const auto step = lock_step_named(line.function);
    if (!step) return false;
    LockEvent event = line.event;
    event.step = *step;
    event.line = documents.line();
    if (event.time && latest && *event.time < *latest) return false;
    if (event.time) latest = event.time;
    Client& client = clients[event.process];
    if (event.type == EventType::invoke) {
      client.function = line.function;
      if (client.key == nullptr || *client.key != line.key) name_lock(client, line.key);
    } else if (client.key == nullptr || line.function != client.function || line.key != *client.key) {
      return false;
    }
    succeeded |= event.type == EventType::ok;
    completed |= event.type == EventType::ok || event.type == EventType::fail;
    id = line.id;
    return locks[client.lock].add(event, client.call, id);
  }

  void name_lock(Client& client, std::string_view key) {
    const auto known = numbers.find(key);
    if (known != numbers.end()) {
      client.key = &known->first;
      client.lock = known->second;
      return;
    }
    client.key = &numbers.emplace(std::string(key), locks.size()).first->first;
    client.lock = locks.size();
    keys.push_back(client.key);
    locks.emplace_back();
  }

  formats::JsonDocuments documents;
  std::map<std::string, std::size_t, std::less<>> numbers;  ///< of locks, which keep their places
  std::vector<const std::string*> keys;                     ///< [lock]
  std::vector<Lock> locks;
  boost::unordered_flat_map<std::uint32_t, Client> clients;
  std::optional<std::chrono::nanoseconds> latest;
  std::string id;
  bool completed = false, succeeded = false;
};

LockStream::LockStream() : state_(std::make_unique<State>()) {}
LockStream::~LockStream() = default;

bool LockStream::add(std::string_view lines) {
  using Next = formats::JsonDocuments::Next;
  state_->documents.begin(lines);
  Next next = state_->documents.next();
  for (; next == Next::object; next = state_->documents.next()) {
    OneLine line;
    if (!read_line(state_->documents.object(), line) || !state_->add(line)) return false;
  }
  return next == Next::end;
}

StreamedLocks LockStream::end() const {
  StreamedLocks all{.locks = {}, .some_completed = state_->completed, .some_succeeded = state_->succeeded};
  for (std::size_t i = 0; i < state_->locks.size(); ++i) {
    const std::string& key = *state_->keys[i];
    all.locks.push_back({.key = key.empty() ? Value() : Value(key),
                         .calls = state_->locks[i].calls(),
                         .report = state_->locks[i].report()});
  }
  return all;
}

}  // namespace lockstorm::checkers
