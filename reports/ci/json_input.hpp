// JSON that somebody hands to us: read strictly, and with a sentence on the first thing that is wrong.
#pragma once

#include <cstdint>
#include <expected>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lockstorm::reports {

/// The document, or why it is none: no JSON, nested too deeply, a name twice in one object.
[[nodiscard]] std::expected<nlohmann::ordered_json, std::string> read_json(std::string_view text);

/// A place in a document. What is missing or of another type is remembered, once for the whole document, and
/// read as nothing; so a reader reads on and asks for the error at its end.
class JsonPlace {
 public:
  using Json = nlohmann::ordered_json;

  /// The document itself, which must outlive its places.
  explicit JsonPlace(const Json& document);

  /// "hunt.runs is -5: expected a whole number from 0"; empty: nothing was wrong.
  [[nodiscard]] const std::string& error() const { return *error_; }

  /// A member of an object; one that is not there is an error.
  [[nodiscard]] JsonPlace at(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] bool is_null() const { return json_ == nullptr || json_->is_null(); }
  [[nodiscard]] std::vector<JsonPlace> items() const;
  [[nodiscard]] std::vector<std::pair<std::string, JsonPlace>> members() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool flag() const;
  /// A finite one.
  [[nodiscard]] double number() const;
  template <class Integer = std::uint64_t>
  [[nodiscard]] Integer whole(std::uint64_t most = std::numeric_limits<Integer>::max()) const {
    return static_cast<Integer>(whole_number(most));
  }
  /// Says that this is not what it must be.
  void refuse(std::string_view expected) const;

 private:
  JsonPlace(const Json* json, std::string path, std::shared_ptr<std::string> error)
      : json_(json), path_(std::move(path)), error_(std::move(error)) {}

  [[nodiscard]] std::uint64_t whole_number(std::uint64_t most) const;

  const Json* json_ = nullptr;  ///< null: it is not there, which was complained about
  std::string path_;
  std::shared_ptr<std::string> error_;
};

}  // namespace lockstorm::reports
