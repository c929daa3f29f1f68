// The one way in which a user's file is opened: a regular file, no larger than its kind may be.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

#include "scenarios/data/input_error.hpp"

namespace lockstorm::scenarios {

/// What a file is to be.
struct InputKind {
  std::string_view expected;      ///< for messages: "a scenario file (*.yaml)"
  std::size_t max_bytes = 0;      ///< a larger one is surely none
  std::string_view what_to_do{};  ///< with a larger one
};

inline constexpr std::size_t kMiB = std::size_t{1} << 20U;

inline constexpr InputKind kScenarioFile{"a scenario file (*.yaml)", kMiB};
inline constexpr InputKind kConfigurationFile{"a configuration file", 16 * kMiB};
inline constexpr InputKind kLockInfoFile{"the text or the record of a lock", kMiB};
inline constexpr InputKind kHistoryFile{"a recorded history", 1024 * kMiB};
inline constexpr InputKind kInitialFile{
    "absent, unknown, {\"state\": ..., \"lock\": ...} or a file with that", kMiB};
inline constexpr InputKind kPartFile{"the JSON of `lockstorm hunt --shard K/N --json FILE`", 64 * kMiB};
inline constexpr InputKind kCertificateFile{"a file that `lockstorm verify --certificate` wrote", 64 * kMiB};
inline constexpr InputKind kReplayFile{"a replay string LS1-..., or a file with one", 64 * kMiB};
inline constexpr InputKind kCorpusFile{"a replay string that `lockstorm hunt --corpus` kept", 4 * kMiB};
inline constexpr InputKind kBenchFile{"what `lockstorm bench` wrote", 64 * kMiB};

/// All of a regular file. A directory, a named pipe, a socket or a device is refused without being opened, as
/// it could block or never end; what is larger than `kind.max_bytes` is not read to its end.
[[nodiscard]] std::expected<std::string, InputError> read_input_file(const std::filesystem::path& file,
                                                                     const InputKind& kind);

/// The lines of a regular file, however large it is, some at a time; also of one that is still written.
class InputLines {
 public:
  InputLines(const std::filesystem::path& file, const InputKind& kind);
  ~InputLines();
  InputLines(const InputLines&) = delete;
  InputLines& operator=(const InputLines&) = delete;

  /// Whole lines, which stay until the next call; empty: there are no more for now. Errors are those of
  /// `read_input_file`, a line of more than 64 MiB, and a file that has become shorter.
  std::expected<std::string_view, InputError> next();
  /// What stands behind the end of the last line.
  [[nodiscard]] std::string_view rest() const;
  /// Of all lines so far.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  std::filesystem::path file_;
  InputKind kind_;
  int descriptor_ = -1;
  std::string buffer_;
  /// Parts of the buffer: lines that were handed out, and what was read behind them.
  std::size_t given_ = 0, used_ = 0;
  std::uint64_t bytes_ = 0;
};

/// What messages call it.
inline constexpr std::string_view kStandardInput = "standard input";

/// All of standard input, until it ends; what is larger than `kind.max_bytes` is not read to its end.
[[nodiscard]] std::expected<std::string, InputError> read_standard_input(const InputKind& kind);

}  // namespace lockstorm::scenarios
