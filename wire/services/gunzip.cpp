#include "wire/services/gunzip.hpp"

#include <array>
#include <boost/beast/zlib/inflate_stream.hpp>

namespace lockstorm::wire {
namespace {

namespace zlib = boost::beast::zlib;

constexpr std::string_view kMagic{"\x1f\x8b\x08", 3};
constexpr std::size_t kHeader = 10;
enum : unsigned { kHeaderChecksum = 2, kExtra = 4, kName = 8, kComment = 16 };

unsigned char byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

// Where the compressed bytes begin (RFC 1952, 2.3).
std::optional<std::size_t> end_of_header(std::string_view bytes) {
  if (bytes.size() < kHeader || !bytes.starts_with(kMagic)) return std::nullopt;
  const unsigned flags = byte_at(bytes, 3);
  std::size_t at = kHeader;
  if ((flags & kExtra) != 0) {
    if (bytes.size() < at + 2) return std::nullopt;
    at += 2U + byte_at(bytes, at) + 256U * byte_at(bytes, at + 1);
  }
  for (const unsigned text : {kName, kComment}) {
    if ((flags & text) == 0) continue;
    const std::size_t end = at < bytes.size() ? bytes.find('\0', at) : std::string_view::npos;
    if (end == std::string_view::npos) return std::nullopt;
    at = end + 1;
  }
  if ((flags & kHeaderChecksum) != 0) at += 2;
  return at <= bytes.size() ? std::optional(at) : std::nullopt;
}

}  // namespace

std::optional<std::string> gunzip(std::string_view bytes, std::size_t most) {
  const auto begin = end_of_header(bytes);
  if (!begin) return std::nullopt;
  const std::string_view compressed = bytes.substr(*begin);
  zlib::inflate_stream stream;
  stream.reset(15);
  zlib::z_params params;
  params.next_in = compressed.data();
  params.avail_in = compressed.size();
  std::string text;
  std::array<char, 16384> buffer{};
  for (;;) {
    params.next_out = buffer.data();
    params.avail_out = buffer.size();
    boost::beast::error_code error;
    stream.write(params, zlib::Flush::sync, error);
    const std::size_t out = buffer.size() - params.avail_out;
    text.append(buffer.data(), out);
    if (text.size() > most) return std::nullopt;
    if (error == zlib::error::end_of_stream) return text;
    if (error || out == 0) return std::nullopt;  // broken, or cut off
  }
}

std::string plain_text(std::string_view bytes) {
  if (auto text = gunzip(bytes)) return *std::move(text);
  return std::string(bytes);
}

}  // namespace lockstorm::wire
