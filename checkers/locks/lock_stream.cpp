#include "checkers/locks/lock_stream.hpp"

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <map>
#include <string>

#include "checkers/formats/json_documents.hpp"
#include "checkers/formats/readers.hpp"
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

enum class Field : std::uint8_t { process, type, function, key, value, time, index, error };

constexpr auto kFieldNames =
    std::to_array<std::string_view>({"process", "type", "f", "key", "value", "time_ns", "index", "error"});

constexpr unsigned bit_of(Field field) { return 1U << static_cast<unsigned>(field); }

// Fields mostly have one order: the next one is looked for behind the last one.
std::optional<Field> field_named(std::string_view name, std::size_t behind) {
  for (std::size_t tried = 0; tried < kFieldNames.size(); ++tried) {
    const std::size_t number = (behind + tried) % kFieldNames.size();
    if (name == kFieldNames[number]) return static_cast<Field>(number);
  }
  return std::nullopt;
}

bool read_field(Field field, const dom::element& item, OneLine& line) {
  std::int64_t number = 0;
  std::string_view text;
  switch (field) {
    case Field::process:
      if (item.get(number) != simdjson::SUCCESS || number < 0 || number >= kNever) return false;
      line.event.process = static_cast<std::uint32_t>(number);
      return true;
    case Field::type: {
      if (item.get(text) != simdjson::SUCCESS) return false;
      const auto type = formats::event_type_named(text);
      if (type) line.event.type = *type;
      return type.has_value();
    }
    case Field::function:
      if (item.get(text) != simdjson::SUCCESS) return false;
      line.function = text;
      return true;
    case Field::key:
      return item.get(line.key) == simdjson::SUCCESS && !line.key.empty();
    case Field::value:
      return get_grant(item, line);
    case Field::time:
      if (item.get(number) != simdjson::SUCCESS) return false;
      line.event.time.emplace(number);
      return true;
    case Field::index:
      return item.is_int64();
    case Field::error:
      return item.is_string();
  }
  return false;
}

bool read_line(const dom::object& object, OneLine& line) {
  unsigned seen = 0;
  std::size_t behind = 0;
  for (const auto& [name, item] : object) {
    const auto field = field_named(name, behind);
    if (!field || (seen & bit_of(*field)) != 0 || !read_field(*field, item, line)) return false;
    seen |= bit_of(*field);
    behind = static_cast<std::size_t>(*field) + 1;
  }
  constexpr unsigned kRequired = bit_of(Field::process) | bit_of(Field::type) | bit_of(Field::function);
  return (seen & kRequired) == kRequired;
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
