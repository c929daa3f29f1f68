#include "sim/schedule.hpp"

#include <array>
#include <limits>

namespace lockstorm::sim {
namespace {

constexpr std::string_view kPrefix = "LS1-";
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void put_number(std::string& bytes, std::uint64_t value) {
  while (value >= 0x80) {
    bytes.push_back(static_cast<char>(value | 0x80));
    value >>= 7U;
  }
  bytes.push_back(static_cast<char>(value));
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool number(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && position_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[position_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return true;
    }
    return false;
  }
  bool text(std::size_t length, std::string& out) {
    if (bytes_.size() - position_ < length) return false;
    out = bytes_.substr(position_, length);
    position_ += length;
    return true;
  }
  [[nodiscard]] bool at_end() const { return position_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t position_ = 0;
};

std::uint32_t checksum(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  return hash;
}

std::string to_text(std::string_view bytes) {
  std::string text;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    buffer = buffer << 8U | static_cast<unsigned char>(byte);
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text.push_back(kAlphabet[buffer >> bits & 63U]);
    }
  }
  if (bits > 0) text.push_back(kAlphabet[buffer << (6 - bits) & 63U]);
  return text;
}

bool to_bytes(std::string_view text, std::string& bytes) {
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char letter : text) {
    const std::size_t value = kAlphabet.find(letter);
    if (value == std::string_view::npos) return false;
    buffer = buffer << 6U | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<char>(buffer >> bits & 0xFFU));
    }
  }
  return true;
}

// Most worlds offer fewer than 16 steps, so index and bound share a byte; larger ones are written out.
void put_choice(std::string& bytes, const StepChoice& choice) {
  if (choice.bound < 16 && choice.index < 16 && choice.bound > 0) {
    bytes.push_back(static_cast<char>(choice.bound << 4U | choice.index));
  } else {
    bytes.push_back('\0');
    put_number(bytes, choice.bound);
    put_number(bytes, choice.index);
  }
}

}  // namespace

std::string encode_replay(const ReplayString& replay) {
  std::string bytes;
  put_number(bytes, replay.fingerprint);
  put_number(bytes, replay.subject.size());
  bytes += replay.subject;
  put_number(bytes, replay.schedule.size());
  for (const StepChoice& choice : replay.schedule) put_choice(bytes, choice);
  const std::uint32_t sum = checksum(bytes);
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<char>(sum >> 8U * i & 0xFFU));
  return std::string(kPrefix) + to_text(bytes);
}

std::expected<ReplayString, std::string> decode_replay(std::string_view text) {
  if (!text.starts_with("LS")) return std::unexpected("a replay string starts with 'LS1-'");
  if (!text.starts_with(kPrefix)) {
    return std::unexpected("this replay string was written by another version of lockstorm ('" +
                           std::string(text.substr(0, text.find('-'))) + "'); this one reads 'LS1'");
  }
  std::string bytes;
  if (!to_bytes(text.substr(kPrefix.size()), bytes) || bytes.size() < 5) {
    return std::unexpected("the replay string has characters that no replay string has, or is cut off");
  }
  const std::string body = bytes.substr(0, bytes.size() - 4);
  std::uint32_t sum = 0;
  for (unsigned i = 0; i < 4; ++i)
    sum |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[body.size() + i])) << 8U * i;
  if (sum != checksum(body))
    return std::unexpected("the replay string is damaged (its checksum does not match); copy it whole");
  Reader reader(body);
  ReplayString replay;
  std::uint64_t length = 0;
  std::uint64_t count = 0;
  bool good = reader.number(replay.fingerprint) && reader.number(length) &&
              reader.text(length, replay.subject) && reader.number(count);
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  for (std::uint64_t i = 0; good && i < count; ++i) {
    std::string byte;
    good = reader.text(1, byte);
    if (!good) break;
    const auto packed = static_cast<unsigned char>(byte[0]);
    std::uint64_t bound = packed >> 4U;
    std::uint64_t index = packed & 15U;
    if (packed == 0) good = reader.number(bound) && reader.number(index) && bound <= kMost && index <= kMost;
    replay.schedule.push_back({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(bound)});
  }
  if (!good || !reader.at_end()) return std::unexpected("the replay string is malformed");
  return replay;
}

}  // namespace lockstorm::sim
