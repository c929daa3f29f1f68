#include "checkers/formats/json_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace lockstorm::checkers::formats {
namespace {

using nlohmann::ordered_json;

// nlohmann's code of a number that no double can hold.
constexpr int kNumberOutOfRange = 406;

class ValueBuilder : public nlohmann::json_sax<ordered_json> {
 public:
  ValueBuilder(std::size_t length, std::span<const std::string_view> lenient, bool is_lenient = false)
      : length_(length), lenient_(lenient), is_lenient_(is_lenient) {}

  bool null() override { return put(Value()); }
  bool boolean(bool flag) override { return put(Value(flag)); }
  bool number_integer(std::int64_t number) override { return put(Value(number)); }
  bool number_unsigned(std::uint64_t number) override {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return put_other_number(std::to_string(number));
    return put(Value(static_cast<std::int64_t>(number)));
  }
  bool number_float(double /*number*/, const std::string& text) override { return put_other_number(text); }
  bool string(std::string& text) override { return put(Value(std::move(text))); }
  bool binary(binary_t& /*bytes*/) override { return refuse("expected text"); }

  bool start_object(std::size_t /*size*/) override { return open(true); }
  bool start_array(std::size_t /*size*/) override { return open(false); }
  bool key(std::string& name) override {
    open_.back().fields.emplace_back(std::move(name), Value());
    return true;
  }
  bool end_object() override {
    Value::Fields fields = std::move(open_.back().fields);
    open_.pop_back();
    if (const std::string* name = repeated_name(fields))
      return refuse(fmt::format("expected each name once in an object, \"{}\" is there twice", *name));
    return put(Value(std::move(fields)));
  }
  bool end_array() override {
    Value::List list = std::move(open_.back().list);
    open_.pop_back();
    return put(Value(std::move(list)));
  }

  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    if (error.id == kNumberOutOfRange)
      return refuse("expected whole numbers of 64 bits, not one that is out of all range");
    const bool is_cut = position > length_;
    error_ = JsonError{is_cut ? JsonError::Kind::cut_short : JsonError::Kind::syntax, position,
                       is_cut ? "the text is cut short" : "not JSON"};
    return false;
  }

  std::expected<Value, JsonError> result() && {
    if (error_) return std::unexpected(*std::move(error_));
    return std::move(whole_);
  }

 private:
  struct Open {
    bool is_object = false;
    Value::List list;
    Value::Fields fields;
  };

  bool put(Value value) {
    if (open_.empty()) {
      whole_ = std::move(value);
    } else if (open_.back().is_object) {
      open_.back().fields.back().second = std::move(value);
    } else {
      open_.back().list.push_back(std::move(value));
    }
    return true;
  }
  bool put_other_number(const std::string& text) {
    const bool is_lenient =
        is_lenient_ || (!open_.empty() && open_.front().is_object &&
                        std::ranges::find(lenient_, open_.front().fields.back().first) != lenient_.end());
    if (is_lenient) return put(Value(text));
    return refuse(fmt::format("expected whole numbers of 64 bits, not {}", text));
  }
  bool open(bool is_object) {
    if (open_.size() > kDeepest) return refuse("expected a value that is not nested as deeply");
    open_.push_back({.is_object = is_object, .list = {}, .fields = {}});
    return true;
  }
  bool refuse(std::string message) {
    error_ = JsonError{JsonError::Kind::value, 1, std::move(message)};
    return false;
  }

  std::size_t length_;
  std::span<const std::string_view> lenient_;
  bool is_lenient_;
  std::vector<Open> open_;
  Value whole_;
  std::optional<JsonError> error_;
};

}  // namespace

std::expected<Value, JsonError> read_json_value(std::string_view text,
                                                std::span<const std::string_view> lenient) {
  ValueBuilder builder(text.size(), lenient);
  ordered_json::sax_parse(text, &builder);
  return std::move(builder).result();
}

std::expected<Value, JsonError> read_lenient_json_value(std::string_view text) {
  ValueBuilder builder(text.size(), {}, true);
  ordered_json::sax_parse(text, &builder);
  return std::move(builder).result();
}

const std::string* repeated_name(const Value::Fields& fields) {
  // A handful of fields, as a rule.
  if (fields.size() < 2) return nullptr;
  std::vector<const std::string*> names;
  names.reserve(fields.size());
  for (const auto& [name, value] : fields) names.push_back(&name);
  std::ranges::sort(names, [](const std::string* a, const std::string* b) { return *a < *b; });
  const auto twice =
      std::ranges::adjacent_find(names, [](const std::string* a, const std::string* b) { return *a == *b; });
  return twice == names.end() ? nullptr : *twice;
}

}  // namespace lockstorm::checkers::formats
