// Tencent Cloud's tag service with the one tag that serves the cos backend as a mutex
// (backend-protocols.md 3.11).
#pragma once

#include <string>
#include <variant>

#include "sim/service.hpp"

namespace lockstorm::models {

/// A tag is a key and a value of an account: it exists or it does not, and belongs to nobody. Creating one
/// that exists fails, and so does deleting one that does not. The reference says no more; that the first
/// creation wins is the assumption that the backend itself makes.
struct TencentTag {
  static constexpr std::string_view kName = "tags";

  enum class Status : std::uint16_t {
    ok,
    duplicate,               ///< ResourceInUse.TagDuplicate
    not_found,               ///< ResourceNotFound.TagNonExist
    request_limit_exceeded,  ///< not executed
    internal_error,          ///< executed or not
    unauthorized_operation,  ///< UnauthorizedOperation
  };

  struct Value {
    std::uint16_t exists = 0;
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  struct CreateTag {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  /// Lists the tags of that key and value.
  struct DescribeTags {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  struct DeleteTag {
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };
  using Request = std::variant<CreateTag, DescribeTags, DeleteTag>;

  struct Response {
    Status status = Status::ok;
    std::uint16_t listed = 0;   ///< DescribeTags: the tag exists
    std::uint16_t is_read = 0;  ///< DescribeTags: found or not
    [[nodiscard]] std::string describe(const sim::ProcessNames& names) const;
  };

  [[nodiscard]] Value initial() const { return {}; }
  [[nodiscard]] sim::Effect<Response> apply(Value& value, sim::Slot caller, const Request& request) const;
  [[nodiscard]] static Response refuse(const Request& request, sim::Refusal kind);
  static std::string_view operation(const Request& request);
  static sim::RequestFacts about(const Request& request);
  static sim::AnswerFacts told(const Request& request, const Response& response);
};

}  // namespace lockstorm::models
