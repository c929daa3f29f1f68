#include "wire/probe/aws_signature.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <vector>

#include "wire/services/digests.hpp"

namespace lockstorm::wire {
namespace {

// Names and values, escaped as they are sent, in the order of their names; what has no value has an empty
// one.
std::string canonical_query(std::string_view query) {
  std::vector<std::string> parts;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string part(query.substr(0, end));
    if (part.find('=') == std::string::npos) part += '=';
    parts.push_back(std::move(part));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  std::ranges::sort(parts);
  return fmt::format("{}", fmt::join(parts, "&"));
}

}  // namespace

void sign_for_aws(HttpRequest& request, const Url& server, const AwsCredentials& credentials,
                  const AwsScope& scope, std::string_view date) {
  const std::string body_sum = in_hex(sha256_of(request.body));
  request.headers["x-amz-date"] = date;
  request.headers["x-amz-content-sha256"] = body_sum;
  if (!credentials.session_token.empty()) request.headers["x-amz-security-token"] = credentials.session_token;

  std::map<std::string, std::string> signed_headers{{"host", server.authority()}};
  for (const auto& [name, value] : request.headers) signed_headers[in_lower_case(name)] = value;
  std::string names;
  std::string headers;
  for (const auto& [name, value] : signed_headers) {
    names += (names.empty() ? "" : ";") + name;
    headers += name + ":" + value + "\n";
  }
  const std::size_t mark = std::min(request.target.find('?'), request.target.size());
  const std::string_view query =
      std::string_view(request.target).substr(std::min(mark + 1, request.target.size()));
  const std::string canonical =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.target.substr(0, mark),
                  canonical_query(query), headers, names, body_sum);

  const std::string_view day = date.substr(0, 8);
  const std::string where = fmt::format("{}/{}/{}/aws4_request", day, scope.region, scope.service);
  const std::string to_sign =
      fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", date, where, in_hex(sha256_of(canonical)));
  std::string key = hmac_sha256("AWS4" + credentials.secret_key, day);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")})
    key = hmac_sha256(key, part);
  request.headers["Authorization"] =
      fmt::format("AWS4-HMAC-SHA256 Credential={}/{},SignedHeaders={},Signature={}", credentials.access_key,
                  where, names, in_hex(hmac_sha256(key, to_sign)));
}

std::string aws_date(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string escaped_for_aws(std::string_view text, bool is_path) {
  std::string escaped;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          c == '-' || c == '.' || c == '_' || c == '~' || (is_path && c == '/');
    if (is_plain) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

}  // namespace lockstorm::wire
