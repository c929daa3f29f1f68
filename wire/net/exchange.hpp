// A request and an answer of HTTP, as codecs see them.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace lockstorm::wire {

struct HttpRequest {
  std::string method;                          ///< as it was sent: "GET", "LOCK"
  std::string target;                          ///< as it was sent: "/state/app?ID=1"
  std::string path;                            ///< of the target, before the `?`, not decoded
  std::map<std::string, std::string> query;    ///< decoded
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

struct HttpAnswer {
  unsigned status = 200;
  std::map<std::string, std::string> headers{};
  std::string body{};
};

/// ASCII letters, as names of fields are compared (RFC 9110, 5.1).
std::string in_lower_case(std::string_view text);

/// Without %-escapes; `+` stands for a space only in a query.
std::string decoded(std::string_view text, bool is_query);

/// Splits the target of a request line, "/state/app?ID=1", into path and query; of a proxy's, which is a URL,
/// without the host.
void split_target(std::string_view target, HttpRequest& request);

}  // namespace lockstorm::wire
