#include "reports/ci/json_input.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace lockstorm::reports {
namespace {

using Json = nlohmann::ordered_json;

// Deeper than anything we write; a document of brackets must not use up the stack of what walks through it.
constexpr std::size_t kDeepest = 64;
// nlohmann's code of a number that no double can hold.
constexpr int kNumberOutOfRange = 406;

// Says what is wrong with a document, before any of it is kept.
class Examiner : public nlohmann::json_sax<Json> {
 public:
  [[nodiscard]] const std::string& error() const { return error_; }

  bool null() override { return true; }
  bool boolean(bool /*flag*/) override { return true; }
  bool number_integer(std::int64_t /*number*/) override { return true; }
  bool number_unsigned(std::uint64_t /*number*/) override { return true; }
  bool number_float(double /*number*/, const std::string& /*text*/) override { return true; }
  bool string(std::string& /*text*/) override { return true; }
  bool binary(binary_t& /*bytes*/) override { return true; }
  bool start_object(std::size_t /*size*/) override { return open(); }
  bool start_array(std::size_t /*size*/) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    if (names_.back().insert(name).second) return true;
    return refuse(fmt::format("has \"{}\" twice in one object", name));
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    return refuse(error.id == kNumberOutOfRange
                      ? fmt::format("is no JSON: the number at byte {} is out of all range", position)
                      : fmt::format("is no JSON: byte {} cannot stand there, or it is cut short", position));
  }

 private:
  bool open() {
    if (names_.size() >= kDeepest) return refuse("is nested too deeply");
    names_.emplace_back();
    return true;
  }
  bool close() {
    names_.pop_back();
    return true;
  }
  bool refuse(std::string what) {
    error_ = std::move(what);
    return false;
  }

  std::vector<std::set<std::string>> names_;
  std::string error_;
};

}  // namespace

std::expected<Json, std::string> read_json(std::string_view text) {
  Examiner examiner;
  Json::sax_parse(text, &examiner);
  if (!examiner.error().empty()) return std::unexpected(examiner.error());
  return Json::parse(text);
}

JsonPlace::JsonPlace(const Json& document) : json_(&document), error_(std::make_shared<std::string>()) {}

void JsonPlace::refuse(std::string_view expected) const {
  if (!error_->empty()) return;
  constexpr std::size_t kShown = 60;
  std::string found = json_ == nullptr || json_->is_structured()
                          ? ""
                          : json_->dump(-1, ' ', false, Json::error_handler_t::replace);
  if (found.size() > kShown) found = "too long";
  *error_ = fmt::format("{}{}: expected {}", path_.empty() ? "the document" : path_,
                        found.empty() ? "" : " is " + found, expected);
}

JsonPlace JsonPlace::at(std::string_view name) const {
  JsonPlace place(nullptr, path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name), error_);
  if (json_ == nullptr) return place;
  if (!json_->is_object()) {
    refuse("an object");
    return place;
  }
  const auto found = json_->find(std::string(name));
  if (found == json_->end()) {
    if (error_->empty()) *error_ = fmt::format("{} is missing", place.path_);
  } else {
    place.json_ = &*found;
  }
  return place;
}

bool JsonPlace::has(std::string_view name) const {
  return json_ != nullptr && json_->is_object() && json_->contains(std::string(name));
}

std::vector<JsonPlace> JsonPlace::items() const {
  std::vector<JsonPlace> all;
  if (json_ == nullptr) return all;
  if (!json_->is_array()) refuse("a list");
  if (!json_->is_array()) return all;
  for (const Json& item : *json_) all.push_back({&item, fmt::format("{}[{}]", path_, all.size()), error_});
  return all;
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::members() const {
  std::vector<std::pair<std::string, JsonPlace>> all;
  if (json_ == nullptr) return all;
  if (!json_->is_object()) refuse("an object");
  if (!json_->is_object()) return all;
  for (const auto& [name, value] : json_->items())
    all.emplace_back(name, JsonPlace(&value, fmt::format("{}.{}", path_, name), error_));
  return all;
}

std::string JsonPlace::text() const {
  if (json_ == nullptr) return {};
  if (const auto* text = json_->get_ptr<const Json::string_t*>()) return *text;
  refuse("a text");
  return {};
}

bool JsonPlace::flag() const {
  if (json_ == nullptr) return false;
  if (const auto* flag = json_->get_ptr<const Json::boolean_t*>()) return *flag;
  refuse("true or false");
  return false;
}

double JsonPlace::number() const {
  if (json_ == nullptr) return 0;
  const double number = json_->is_number() ? json_->get<double>() : std::nan("");
  if (std::isfinite(number)) return number;
  refuse("a number");
  return 0;
}

std::uint64_t JsonPlace::whole_number(std::uint64_t most) const {
  if (json_ == nullptr) return 0;
  const auto* number = json_->get_ptr<const Json::number_unsigned_t*>();
  if (number != nullptr && *number <= most) return *number;
  refuse(most == std::numeric_limits<std::uint64_t>::max()
             ? "a whole number from 0"
             : fmt::format("a whole number from 0 to {}", most));
  return 0;
}

}  // namespace lockstorm::reports
