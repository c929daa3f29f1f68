// What gzip (RFC 1952) has compressed: states of backends that compress them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstorm::wire {

/// Nothing: the bytes are no gzip, or more than `most` come out of them.
std::optional<std::string> gunzip(std::string_view bytes, std::size_t most = std::size_t{64} << 20U);

/// The text, decompressed where it is gzip.
std::string plain_text(std::string_view bytes);

}  // namespace lockstorm::wire
