// Reads versions from the values of a history.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "checkers/versions/version_history.hpp"

namespace lockstorm::checkers {
namespace {

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = (a ^ (b * 0x9E3779B97F4A7C15U)) * 0xBF58476D1CE4E5B9U;
  return x ^ (x >> 31U);
}

struct ValueHash {
  std::size_t operator()(const Value& value) const {
    if (const auto* number = value.number()) return mix(1, static_cast<std::uint64_t>(*number));
    if (const auto* text = value.text()) return mix(2, std::hash<std::string>()(*text));
    std::uint64_t hash = 3;
    if (const auto* list = value.list())
      for (const Value& item : *list) hash = mix(hash, (*this)(item));
    if (const auto* fields = value.fields())
      for (const auto& [name, item] : *fields)
        hash = mix(mix(hash, std::hash<std::string>()(name)), (*this)(item));
    return hash;
  }
};

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

class VersionReader {
 public:
  explicit VersionReader(const History& history) : history_(history) {}

  std::expected<VersionHistory, HistoryError> run(std::span<const Call> calls, const InitialPart& initial) {
    out_.operations.reserve(calls.size());
    out_.accesses.reserve(2 * calls.size());
    for (const Call& call : calls) {
      if (auto error = add(call)) return std::unexpected(*std::move(error));
    }
    if (initial.kind == InitialPart::Kind::given) {
      if (auto error = add_given(initial.value)) return std::unexpected(*std::move(error));
    }
    return std::move(out_);
  }

 private:
  using Error = std::optional<HistoryError>;

  Error add(const Call& call) {
    const Event& invoked = history_[call.invoked];
    // Only an acknowledged operation tells what it read.
    source_ = call.outcome == EventType::ok ? &history_[call.completed] : &invoked;
    VersionOperation operation{
        .process = invoked.process,
        .outcome = call.outcome,
        .invoked = call.invoked,
        .completed = call.completed,
        .invoked_line = invoked.line,
        .completed_line = call.completed == kNever ? invoked.line : history_[call.completed].line,
        .first_access = static_cast<std::uint32_t>(out_.accesses.size()),
        .access_end = 0};
    first_access_ = operation.first_access;
    Error error;
    if (source_->function == "txn") {
      error = add_transaction(invoked.value, source_->value);
    } else if (source_->function == "read") {
      error = add_step(source_->function, source_->key, source_->value);
    } else {
      error = add_step(source_->function, source_->key, *completed(invoked.value, source_->value));
    }
    operation.access_end = static_cast<std::uint32_t>(out_.accesses.size());
    out_.operations.push_back(operation);
    return error;
  }

  // What a completion says, and of fields that it leaves out what the invocation says.
  const Value* completed(const Value& invoked, const Value& told) {
    if (told.is_nil()) return &invoked;
    if (told.fields() == nullptr || invoked.fields() == nullptr) return &told;
    const auto is_told = [&](const auto& field) { return told.field(field.first) != nullptr; };
    if (std::ranges::all_of(*invoked.fields(), is_told)) return &told;
    Value::Fields all = *told.fields();
    for (const auto& field : *invoked.fields())
      if (!is_told(field)) all.push_back(field);
    completed_ = Value(std::move(all));
    return &completed_;
  }

  Error add_transaction(const Value& invoked, const Value& value) {
    if (value.list() == nullptr) return wrong("a list of [f key value] in a txn", value);
    for (std::size_t i = 0; i < value.list()->size(); ++i) {
      const Value& step = (*value.list())[i];
      if (!is_step(step)) return wrong("[f key value] in a txn", step);
      const auto& parts = *step.list();
      const std::string& function = *parts[0].text();
      // The same step as it was asked for.
      const Value* asked =
          invoked.list() != nullptr && i < invoked.list()->size() ? &(*invoked.list())[i] : nullptr;
      const bool is_asked = asked != nullptr && is_step(*asked) && function != "r" && function != "read" &&
                            (*asked->list())[0] == parts[0] && (*asked->list())[1] == parts[1];
      if (auto error =
              add_step(function, parts[1], is_asked ? *completed((*asked->list())[2], parts[2]) : parts[2]))
        return error;
    }
    return std::nullopt;
  }

  static bool is_step(const Value& value) {
    const auto* parts = value.list();
    return parts != nullptr && parts->size() == 3 && (*parts)[0].text() != nullptr;
  }

  Error add_given(const Value& value) {
    source_ = nullptr;
    for (std::uint32_t state = 0; state < out_.states.size(); ++state) {
      const auto version =
          value.list() != nullptr ? std::optional(chain(state, *value.list())) : stated(state, value);
      if (!version)
        return HistoryError{1, 1,
                            fmt::format("expected the state at the beginning to be a list or {{writer, "
                                        "serial}}, not {}",
                                        to_text(value))};
      out_.given.push_back(*version);
    }
    return std::nullopt;
  }

  Error add_step(std::string_view function, const Value& key, const Value& value) {
    const std::uint32_t state = state_of(key);
    if (function == "read" || function == "r") {
      // What an operation read that was not acknowledged is not known.
      if (source_->type != EventType::ok) return std::nullopt;
      return add_read(state, value);
    }
    if (function == "append") return add_write(version_of(state, value), kNone);
    if (function == "write" || function == "w") return add_put(state, value);
    return wrong("read, write, append or txn", Value(std::string(function)));
  }

  Error add_read(std::uint32_t state, const Value& value) {
    if (const auto* list = value.list()) {
      out_.accesses.push_back({chain(state, *list), false});
      return std::nullopt;
    }
    if (value.is_nil()) {
      out_.accesses.push_back({out_.first[state], false});
      return std::nullopt;
    }
    const auto version = stated(state, value);
    if (!version) return wrong("a list, {writer, serial} or nil", value);
    out_.accesses.push_back({*version, false});
    return std::nullopt;
  }

  // The whole state: a list that ends with the writer's own element, or {writer, serial, base}.
  Error add_put(std::uint32_t state, const Value& value) {
    if (const auto* list = value.list(); list != nullptr && !list->empty()) {
      const std::uint32_t base = chain(state, std::span(*list).first(list->size() - 1));
      return add_write(version_of(state, list->back()), base);
    }
    const auto version = stated(state, value);
    if (!version) return wrong("a list with the writer's element last, or {writer, serial, base}", value);
    const Value* base = value.field("base");
    if (base == nullptr) return add_write(*version, last_read(state));
    const auto base_version = base->is_nil() ? std::optional(out_.first[state]) : stated(state, *base);
    if (!base_version) return wrong("base to be {writer, serial} or nil", *base);
    return add_write(*version, *base_version);
  }

  Error add_write(std::uint32_t version, std::uint32_t base) {
    if (base != kNone) {
      // An update builds on what it replaces, so it read that.
      out_.accesses.push_back({base, false});
      follow(version, base);
    }
    out_.accesses.push_back({version, true});
    return std::nullopt;
  }

  std::uint32_t last_read(std::uint32_t state) const {
    for (std::size_t i = out_.accesses.size(); i > first_access_; --i)
      if (out_.versions[out_.accesses[i - 1].version].state == state) return out_.accesses[i - 1].version;
    return kNone;
  }

  std::uint32_t chain(std::uint32_t state, std::span<const Value> list) {
    std::uint32_t version = out_.first[state];
    for (const Value& element : list) {
      const std::uint32_t next = version_of(state, element);
      follow(next, version);
      version = next;
    }
    return version;
  }

  // What an update of unknown result, or a failed one, says of a version that another one wrote does not
  // count.
  void follow(std::uint32_t version, std::uint32_t parent) {
    Version& known = out_.versions[version];
    const bool is_certain = source_ == nullptr || source_->type == EventType::ok;
    if (is_certain_.size() <= version) is_certain_.resize(version + 1);
    if (known.parent == kNone || (is_certain && !is_certain_[version])) {
      known.parent = parent;
      is_certain_[version] = is_certain;
    } else if (known.parent != parent && is_certain) {
      out_.conflicts.push_back({version, parent, source_ == nullptr ? 0 : source_->line});
    }
  }

  std::optional<std::uint32_t> stated(std::uint32_t state, const Value& value) {
    const Value *writer = value.field("writer"), *serial = value.field("serial");
    if (writer == nullptr || serial == nullptr || serial->number() == nullptr) return std::nullopt;
    const std::uint32_t version = version_of(state, *writer, *serial->number());
    const Value* lineage = value.field("lineage");
    if (lineage != nullptr && out_.versions[version].lineage == kNone)
      out_.versions[version].lineage = name_of(*lineage);
    return version;
  }

  std::uint32_t name_of(const Value& value) {
    const std::uint32_t name = value_numbers_.of(value);
    if (name == out_.names.size()) out_.names.push_back(to_text(value));
    return name;
  }

  std::uint32_t state_of(const Value& key) {
    const std::uint32_t state = state_numbers_.of(key);
    if (state == out_.states.size()) {
      out_.states.push_back(key.is_nil() ? "the state" : to_text(key));
      out_.first.push_back(static_cast<std::uint32_t>(out_.versions.size()));
      out_.versions.push_back(
          {.state = state, .parent = kNone, .name = kNone, .serial = std::nullopt, .lineage = kNone});
    }
    return state;
  }

  std::uint32_t version_of(std::uint32_t state, const Value& value,
                           std::optional<std::int64_t> serial = std::nullopt) {
    const std::uint32_t name = name_of(value);
    const std::uint32_t known = versions_.find({state, name, serial});
    if (known != kNone) return known;
    const auto version = static_cast<std::uint32_t>(out_.versions.size());
    out_.versions.push_back(
        {.state = state, .parent = kNone, .name = name, .serial = serial, .lineage = kNone});
    versions_.add(version);
    return version;
  }

  Error wrong(std::string_view expected, const Value& found) const {
    return HistoryError{source_->line, 1, fmt::format("expected {}, not {}", expected, to_text(found))};
  }

  const History& history_;
  VersionHistory out_;
  Numbering state_numbers_, value_numbers_;
  VersionIndex versions_{out_.versions};
  const Event* source_ = nullptr;
  std::uint32_t first_access_ = 0;
  Value completed_;
  std::vector<bool> is_certain_;  ///< [version]: its parent
};

}  // namespace

std::string VersionHistory::describe(std::uint32_t version) const {
  const Version& of = versions[version];
  if (of.name == kNone) return fmt::format("{} before any update", states[of.state]);
  if (of.serial)
    return fmt::format("version (writer {}, serial {}) of {}", names[of.name], *of.serial, states[of.state]);
  return fmt::format("version {} of {}", names[of.name], states[of.state]);
}

std::expected<VersionHistory, HistoryError> versions_of(const History& history, std::span<const Call> calls,
                                                        const InitialPart& initial) {
  return VersionReader(history).run(calls, initial);
}

}  // namespace lockstorm::checkers
