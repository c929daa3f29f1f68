// The states of one level of a search on disk, in order, each with the number of the state that it was
// reached from.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <vector>

#include "sim/explore/state_set.hpp"
#include "sim/levels/bytes.hpp"

struct ZSTD_CCtx_s;  // zstd.h

namespace lockstorm::sim {

/// A file of a search cannot be written or read; the message says which, and why.
struct LevelFileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] void throw_file_error(const char* doing, const std::filesystem::path& path);

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct FreeCompressor {
  void operator()(ZSTD_CCtx_s* compressor) const;
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

/// States of one level, as they follow each other.
template <int W>
struct LevelPart {
  std::vector<Key<W>> keys;
  std::vector<std::uint64_t> parents;  ///< never smaller than the one before
};

/// Writes blocks that zstd has compressed, each with a checksum of its own.
template <int W>
class LevelWriter {
 public:
  explicit LevelWriter(std::filesystem::path path);

  void add(const Key<W>& key, std::uint64_t parent);
  /// On the disk, whatever happens to the machine afterwards.
  void close();
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  void flush();

  std::filesystem::path path_;
  OpenFile file_;
  std::unique_ptr<ZSTD_CCtx_s, FreeCompressor> compressor_;
  LevelPart<W> part_;
  std::uint64_t bytes_ = 0;
};

template <int W>
class LevelReader {
 public:
  explicit LevelReader(std::filesystem::path path);

  /// The next states; false: there are no more. Throws LevelFileError where the file is damaged.
  bool next(LevelPart<W>& part);

 private:
  std::filesystem::path path_;
  OpenFile file_;
};

}  // namespace lockstorm::sim
