#include "wire/record/onward.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace lockstorm::wire {
namespace {

// Fields of one connection, which the next one has of its own.
bool is_of_connection(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kFields{
      "connection",          "content-length",   "expect", "keep-alive",
      "proxy-authorization", "proxy-connection", "te",     "transfer-encoding"};
  return std::ranges::find(kFields, in_lower_case(name)) != kFields.end();
}

HttpAnswer bad_gateway(const std::string& why) {
  return {502, {{"Content-Type", "text/plain"}}, "lockstorm record: " + why + "\n"};
}

}  // namespace

HttpRequest passed_on(HttpRequest request) {
  if (const std::size_t scheme = request.target.find("://"); scheme != std::string::npos)
    request.target =
        request.target.substr(std::min(request.target.find('/', scheme + 3), request.target.size()));
  if (request.target.empty()) request.target = "/";
  std::erase_if(request.headers, [](const auto& field) { return is_of_connection(field.first); });
  return request;
}

HttpAnswer passed_back(HttpAnswer answer, bool is_head) {
  std::erase_if(answer.headers, [&](const auto& field) {
    return is_of_connection(field.first) && !(is_head && in_lower_case(field.first) == "content-length");
  });
  return answer;
}

Handler onward(Loop& loop, Destination destination, std::chrono::milliseconds longest) {
  return [&loop, destination = std::move(destination), longest](HttpRequest request,
                                                                const std::shared_ptr<Reply>& reply) {
    const std::optional<Url> url = destination(request);
    if (!url) return reply->answer(bad_gateway("this request names no server to go on to"));
    request = passed_on(std::move(request));
    const bool is_head = request.method == "HEAD";
    send_request(loop, *url, request, longest,
                 [reply, is_head](std::expected<HttpAnswer, std::string> answer) {
                   // A client learns of it as it would without us: its connection ends.
                   if (!answer) return reply->drop(Drop::close);
                   reply->answer(passed_back(*std::move(answer), is_head));
                 });
  };
}

std::optional<Url> named_by(const HttpRequest& request) {
  if (request.target.starts_with("http://")) {
    auto url = parse_url(request.target);
    return url ? std::optional(*std::move(url)) : std::nullopt;
  }
  const auto host = request.headers.find("host");
  if (host == request.headers.end()) return std::nullopt;
  auto url = parse_url("https://" + host->second);
  return url ? std::optional(*std::move(url)) : std::nullopt;
}

}  // namespace lockstorm::wire
