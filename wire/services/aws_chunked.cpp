#include "wire/services/aws_chunked.hpp"

#include <charconv>

namespace lockstorm::wire {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

bool is_aws_chunked(const HttpRequest& request) {
  const auto payload = request.headers.find("x-amz-content-sha256");
  if (payload != request.headers.end() && payload->second.starts_with("STREAMING-")) return true;
  const auto encoding = request.headers.find("content-encoding");
  return encoding != request.headers.end() && encoding->second.find("aws-chunked") != std::string::npos;
}

std::expected<std::string, std::string> without_aws_chunks(std::string_view body) {
  std::string plain;
  while (true) {
    const std::size_t end = body.find(kLineEnd);
    if (end == std::string_view::npos) return std::unexpected("the body ends before its last chunk");
    // "400;chunk-signature=..."
    const std::string_view size_text = body.substr(0, std::min(end, body.find(';')));
    std::size_t size = 0;
    const auto read = std::from_chars(size_text.data(), size_text.data() + size_text.size(), size, 16);
    if (read.ec != std::errc() || read.ptr != size_text.data() + size_text.size())
      return std::unexpected("a chunk does not begin with its size");
    body.remove_prefix(end + kLineEnd.size());
    if (size == 0) return plain;  // trailers follow
    if (body.size() < size || !body.substr(size).starts_with(kLineEnd))
      return std::unexpected("a chunk is not as long as it says");
    plain += body.substr(0, size);
    body.remove_prefix(size + kLineEnd.size());
  }
}

}  // namespace lockstorm::wire
