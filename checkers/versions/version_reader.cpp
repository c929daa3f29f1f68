// Reads versions from the values of a history.
#include <fmt/format.h>

#include "checkers/versions/state_value.hpp"
#include "checkers/versions/version_history.hpp"
#include "checkers/versions/version_index.hpp"

namespace lockstorm::checkers {
namespace {

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
    asked_ = &invoked;
    Error error = source_->function == "txn"
                      ? add_transaction(invoked.value, source_->value)
                      : add_step(source_->function, source_->key, invoked.value, source_->value);
    operation.access_end = static_cast<std::uint32_t>(out_.accesses.size());
    out_.operations.push_back(operation);
    return error;
  }

  Error add_transaction(const Value& asked, const Value& told) {
    if (told.list() == nullptr) return wrong("a list of [f key value] in a txn", told);
    for (const Value* steps : {&asked, &told}) {
      if (steps->list() == nullptr) continue;
      for (const Value& step : *steps->list())
        if (!is_step(step)) return wrong("[f key value] in a txn", step);
    }
    if (!are_same_steps(asked, told))
      return contradiction(asked, told, "the steps that the txn was invoked with, in their order");
    static const Value kNothing;
    for (std::size_t i = 0; i < told.list()->size(); ++i) {
      const auto& parts = *(*told.list())[i].list();
      const bool is_asked = asked.list() != nullptr && !asked.list()->empty();
      const Value& part = is_asked ? (*(*asked.list())[i].list())[2] : kNothing;
      if (auto error = add_step(*parts[0].text(), parts[1], part, parts[2])) return error;
    }
    return std::nullopt;
  }

  Error add_given(const Value& value) {
    source_ = nullptr;
    for (std::uint32_t state = 0; state < out_.states.size(); ++state) {
      const auto version =
          value.list() != nullptr ? std::optional(chain(state, *value.list())) : stated(state, value, false);
      if (!version) {
        if (auto message = wrong_field_of_state(value, false)) return HistoryError{1, 1, *std::move(message)};
        return HistoryError{1, 1,
                            fmt::format("expected the state at the beginning to be a list or {{writer, "
                                        "serial}}, not {}",
                                        to_text(value))};
      }
      out_.given.push_back(*version);
    }
    return std::nullopt;
  }

  // `asked` and `told`: by the invocation and by the completion, which are the same where there is none.
  Error add_step(std::string_view function, const Value& key, const Value& asked, const Value& told) {
    const std::uint32_t state = state_of(key);
    if (is_read(function)) {
      // What an operation read that was not acknowledged is not known.
      if (source_->type != EventType::ok) return std::nullopt;
      return add_read(state, told);
    }
    const bool is_put = function == "write" || function == "w";
    if (!is_put && function != "append")
      return wrong("read, write, append or txn", Value(std::string(function)));
    const bool is_whole = asked.is_nil() || &asked == &told || asked == told;
    if (!is_whole && !agree(asked, told, is_put))
      return contradiction(asked, told, "what it was invoked with");
    if (!is_whole) completed_ = merged(told, asked);
    const Value& value = is_whole ? told : completed_;
    if (!is_put) return add_write(version_of(state, value), kNone);
    if (auto error = add_put(state, value)) return error;
    if (!is_whole && have_two_lineages(asked, told)) note_lineages(state, merged(asked, told));
    return std::nullopt;
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
    const auto version = stated(state, value, true);
    if (!version) return wrong_state("a list, {writer, serial} or nil", value, true);
    if (const Value* base = value.field("base")) {
      const auto parent = base_of(state, *base);
      if (!parent) return wrong_state("base to be {writer, serial} or nil", *base, false);
      follow(*version, *parent);
    }
    out_.accesses.push_back({*version, false});
    return std::nullopt;
  }

  // The whole state: a list that ends with the writer's own element, or {writer, serial, base}.
  Error add_put(std::uint32_t state, const Value& value) {
    if (const auto* list = value.list(); list != nullptr && !list->empty()) {
      const std::uint32_t base = chain(state, std::span(*list).first(list->size() - 1));
      return add_write(version_of(state, list->back()), base);
    }
    const auto version = stated(state, value, true);
    if (!version)
      return wrong_state("a list with the writer's element last, or {writer, serial, base}", value, true);
    const Value* base = value.field("base");
    if (base == nullptr) return add_write(*version, last_read(state));
    const auto base_version = base_of(state, *base);
    if (!base_version) return wrong_state("base to be {writer, serial} or nil", *base, false);
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
  [[nodiscard]] bool is_certain() const { return source_ == nullptr || source_->type == EventType::ok; }

  void follow(std::uint32_t version, std::uint32_t parent) {
    Version& known = out_.versions[version];
    if (replaces(has_certain_parent_, version, known.parent == kNone)) {
      known.parent = parent;
    } else if (known.parent != parent && is_certain()) {
      out_.conflicts.push_back({version, parent, source_ == nullptr ? 0 : source_->line});
    }
  }

  void note_lineage(std::uint32_t version, const Value& value, std::uint32_t line) {
    const std::uint32_t lineage = name_of(value);
    Version& known = out_.versions[version];
    if (replaces(has_certain_lineage_, version, known.lineage == kNone)) {
      known.lineage = lineage;
    } else if (known.lineage != lineage && is_certain()) {
      out_.lineage_conflicts.push_back({version, lineage, line});
    }
  }

  // The first account of a version stands, but a certain one before one that is not.
  bool replaces(std::vector<bool>& has_certain, std::uint32_t version, bool is_first) const {
    if (has_certain.size() <= version) has_certain.resize(version + 1);
    if (!is_first && (has_certain[version] || !is_certain())) return false;
    has_certain[version] = is_certain();
    return true;
  }

  // Those that an acknowledged update was asked for with, where its answer has others.
  void note_lineages(std::uint32_t state, const Value& asked) {
    const auto note = [&](const Value& of) {
      const Value *writer = of.field("writer"), *serial = of.field("serial"), *lineage = of.field("lineage");
      if (writer != nullptr && serial != nullptr && lineage != nullptr)
        note_lineage(version_of(state, *writer, *serial->number()), *lineage, asked_->line);
    };
    note(asked);
    if (const Value* base = asked.field("base")) note(*base);
  }

  std::optional<std::uint32_t> stated(std::uint32_t state, const Value& value, bool may_have_base) {
    const Value *writer = value.field("writer"), *serial = value.field("serial");
    if (writer == nullptr || serial == nullptr || serial->number() == nullptr) return std::nullopt;
    if (wrong_field_of_state(value, may_have_base)) return std::nullopt;
    const std::uint32_t version = version_of(state, *writer, *serial->number());
    if (const Value* lineage = value.field("lineage"))
      note_lineage(version, *lineage, source_ == nullptr ? 0 : source_->line);
    return version;
  }

  std::optional<std::uint32_t> base_of(std::uint32_t state, const Value& base) {
    return base.is_nil() ? std::optional(out_.first[state]) : stated(state, base, false);
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

  Error wrong_state(std::string_view expected, const Value& found, bool may_have_base) const {
    auto message = wrong_field_of_state(found, may_have_base);
    return message ? HistoryError{source_->line, 1, *std::move(message)} : wrong(expected, found);
  }

  Error contradiction(const Value& asked, const Value& told, std::string_view expected) const {
    return HistoryError{source_->line, 1,
                        fmt::format("process {} has a response {} to {} but invoked it with {} in line {}: "
                                    "expected {}",
                                    source_->process, to_text(told), source_->function, to_text(asked),
                                    asked_->line, expected)};
  }

  const History& history_;
  VersionHistory out_;
  Numbering state_numbers_, value_numbers_;
  VersionIndex versions_{out_.versions};
  const Event *source_ = nullptr, *asked_ = nullptr;
  std::uint32_t first_access_ = 0;
  Value completed_;
  std::vector<bool> has_certain_parent_, has_certain_lineage_;  ///< [version]
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
