#include "sim/levels/level_file.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <system_error>

namespace lockstorm::sim {
namespace {

constexpr std::size_t kStatesTogether = std::size_t{1} << 14U;
constexpr int kFast =
    1;  ///< zstd's level: keys of one level are much alike, and the disk is not the bottleneck

struct BlockHead {
  std::uint32_t states = 0;
  std::uint32_t raw_bytes = 0;
  std::uint32_t bytes = 0;  ///< as it is on the disk
};

// Seven bits in each byte, the lowest first; the last byte has its top bit off.
void append_varint(Bytes& bytes, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) append(bytes, static_cast<std::uint8_t>(value | 0x80U));
  append(bytes, static_cast<std::uint8_t>(value));
}

std::uint64_t take_varint(ByteReader& reader) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = reader.take<std::uint8_t>();
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if ((byte & 0x80U) == 0) break;
  }
  return value;
}

ZSTD_CCtx* new_compressor() {
  ZSTD_CCtx* const compressor = ZSTD_createCCtx();
  if (compressor == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, kFast);
  ZSTD_CCtx_setParameter(compressor, ZSTD_c_checksumFlag, 1);
  return compressor;
}

Bytes compressed(ZSTD_CCtx* compressor, const Bytes& raw) {
  Bytes out(ZSTD_compressBound(raw.size()));
  const std::size_t size = ZSTD_compress2(compressor, out.data(), out.size(), raw.data(), raw.size());
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();
  out.resize(size);
  return out;
}

// Throws EngineError where it is not what so many states take.
template <int W>
void read_part(const Bytes& raw, std::uint32_t states, LevelPart<W>& part) {
  ByteReader reader(raw);
  part.keys.resize(states);
  for (std::size_t word = 0; word < W; ++word)
    for (Key<W>& key : part.keys) key.word[word] = reader.take<std::uint64_t>();
  std::uint64_t before = 0;
  for (std::uint32_t i = 0; i < states; ++i) part.parents.push_back(before += take_varint(reader));
  if (reader.left<std::byte>() > 0) throw_engine_error("a block holds more than its states");
}

}  // namespace

void throw_file_error(const char* doing, const std::filesystem::path& path) {
  throw LevelFileError(
      fmt::format("{} {}: {}", doing, path.string(), std::generic_category().message(errno)));
}

void FreeCompressor::operator()(ZSTD_CCtx_s* compressor) const { ZSTD_freeCCtx(compressor); }

template <int W>
LevelWriter<W>::LevelWriter(std::filesystem::path path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")), compressor_(new_compressor()) {
  if (!file_) throw_file_error("cannot write", path_);
}

template <int W>
void LevelWriter<W>::add(const Key<W>& key, std::uint64_t parent) {
  part_.keys.push_back(key);
  part_.parents.push_back(parent);
  if (part_.keys.size() == kStatesTogether) flush();
}

// Keys word by word, parents as what each adds to the one before.
template <int W>
void LevelWriter<W>::flush() {
  if (part_.keys.empty()) return;
  Bytes raw;
  for (std::size_t word = 0; word < W; ++word)
    for (const Key<W>& key : part_.keys) append(raw, key.word[word]);
  std::uint64_t before = 0;
  for (const std::uint64_t parent : part_.parents) {
    append_varint(raw, parent - before);
    before = parent;
  }
  const Bytes packed = compressed(compressor_.get(), raw);
  const BlockHead head{static_cast<std::uint32_t>(part_.keys.size()), static_cast<std::uint32_t>(raw.size()),
                       static_cast<std::uint32_t>(packed.size())};
  if (std::fwrite(&head, sizeof head, 1, file_.get()) != 1 ||
      std::fwrite(packed.data(), packed.size(), 1, file_.get()) != 1)
    throw_file_error("cannot write", path_);
  bytes_ += sizeof head + packed.size();
  part_.keys.clear();
  part_.parents.clear();
}

template <int W>
void LevelWriter<W>::close() {
  flush();
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0)
    throw_file_error("cannot write", path_);
  file_.reset();
}

template <int W>
LevelReader<W>::LevelReader(std::filesystem::path path)
    : path_(std::move(path)), file_(std::fopen(path_.c_str(), "rb")) {
  if (!file_) throw_file_error("cannot read", path_);
}

template <int W>
bool LevelReader<W>::next(LevelPart<W>& part) {
  part.keys.clear();
  part.parents.clear();
  BlockHead head;
  const std::size_t got = std::fread(&head, 1, sizeof head, file_.get());
  if (got == 0 && std::feof(file_.get()) != 0) return false;
  const auto damaged = [&] [[noreturn]] {
    throw LevelFileError(fmt::format("cannot read {}: it is damaged", path_.string()));
  };
  // A parent takes ten bytes at most.
  if (got != sizeof head || head.states > kStatesTogether ||
      head.raw_bytes > head.states * (sizeof(Key<W>) + 10) || head.bytes > ZSTD_compressBound(head.raw_bytes))
    damaged();
  Bytes packed(head.bytes);
  if (std::fread(packed.data(), 1, packed.size(), file_.get()) != packed.size()) damaged();
  Bytes raw(head.raw_bytes);
  const std::size_t size = ZSTD_decompress(raw.data(), raw.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != raw.size()) damaged();
  try {
    read_part(raw, head.states, part);
  } catch (const EngineError&) {
    damaged();
  }
  return true;
}

template class LevelWriter<1>;
template class LevelWriter<2>;
template class LevelWriter<4>;
template class LevelReader<1>;
template class LevelReader<2>;
template class LevelReader<4>;

}  // namespace lockstorm::sim
