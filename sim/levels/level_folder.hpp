// The folder of a search that keeps its levels on disk: how far it has come, so that it can go on from there.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sim/faults.hpp"
#include "sim/levels/batch_expander.hpp"
#include "sim/levels/level_file.hpp"

namespace lockstorm::sim {

/// The folder holds something else; the message says what, and what to do.
struct LevelFolderRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What has been found in all levels so far, by all members.
struct LevelTotals {
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t end_states = 0;
  std::uint64_t cut_off = 0;
  std::uint64_t fingerprint = 0;
  std::array<std::uint64_t, kFaultKinds> fired{};
  FarViolations violations;

  void add(const LevelTotals& other);
};

struct LevelSize {
  std::uint64_t states = 0;
  std::uint64_t members = 0;
};

/// How far a search has come: its last level is found and not yet expanded.
struct LevelManifest {
  std::uint32_t words = 0;  ///< of a key
  std::uint32_t pass = 0;   ///< explorations before this one, with automata that grew
  std::uint64_t block_states =
      0;  ///< of a block; levels are divided into blocks, which their members have in turn
  std::uint32_t is_done = 0;       ///< 1: the last level is expanded, too, and led to nothing new
  std::uint64_t log_bytes = 0;     ///< of this pass
  std::uint64_t local_states = 0;  ///< in the tables, which the log makes again
  LevelTotals totals;
  std::vector<LevelSize> levels;
};

/// Files in it: `manifest`, which is replaced as a whole; of each pass the `log` of what has extended the
/// tables, from which they are made again; of each level and member its states.
class LevelFolder {
 public:
  /// `identity`: what is searched, by which build; an existing manifest of anything else is refused. Makes
  /// the folder where there is none. Throws LevelFileError, LevelFolderRefused.
  /// `is_first`: for the first of those who share the search; while it lives nobody else begins one in the
  /// folder.
  LevelFolder(std::filesystem::path path, std::string identity, bool is_first = true);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Nothing: nothing has been searched yet.
  [[nodiscard]] std::optional<LevelManifest> manifest() const;
  void write(const LevelManifest& manifest) const;
  [[nodiscard]] std::filesystem::path level(std::uint32_t pass, std::size_t level, unsigned member) const;
  [[nodiscard]] std::filesystem::path log(std::uint32_t pass) const;
  /// Takes away what a search has left there, and the folder itself where nothing else is in it.
  void clear() const;

 private:
  std::filesystem::path path_;
  std::string identity_;
  OpenFile lock_;
};

/// A file that only grows; what is behind `bytes` was never finished and is cut off.
class LevelLog {
 public:
  LevelLog(std::filesystem::path path, std::uint64_t bytes);
  void append(const Bytes& entry);
  void flush();
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] static Bytes read(const std::filesystem::path& path, std::uint64_t bytes);

 private:
  std::filesystem::path path_;
  OpenFile file_;
  std::uint64_t bytes_;
};

}  // namespace lockstorm::sim
