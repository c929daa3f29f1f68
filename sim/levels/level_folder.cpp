#include "sim/levels/level_folder.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace lockstorm::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{1} << 32U;  ///< of a log; manifests are far smaller
constexpr const char* kLock = "lock";
constexpr std::string_view kMagic = "lockstorm levels 1\n";

std::uint64_t checksum(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

void append_text(Bytes& bytes, std::string_view text) {
  append(bytes, static_cast<std::uint32_t>(text.size()));
  append_all(bytes, std::span<const char>(text.data(), text.size()));
}

std::string take_text(ByteReader& reader) {
  std::vector<char> text;
  reader.take_all(text, reader.take<std::uint32_t>());
  return {text.begin(), text.end()};
}

Bytes read_file(const fs::path& path) {
  const OpenFile file(std::fopen(path.c_str(), "rb"));
  if (!file) throw_file_error("cannot read", path);
  Bytes bytes;
  std::array<std::byte, 65536> part;
  for (std::size_t got = 0; (got = std::fread(part.data(), 1, part.size(), file.get())) > 0;) {
    append_raw(bytes, part.data(), got);
    if (bytes.size() > kMostBytes)
      throw LevelFileError(fmt::format("cannot read {}: it is too large", path.string()));
  }
  if (std::ferror(file.get()) != 0) throw_file_error("cannot read", path);
  return bytes;
}

bool is_ours(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "manifest" || name == "manifest.new" || name == kLock || name.starts_with("log-") ||
         (name.starts_with("pass-") && name.ends_with(".level"));
}

}  // namespace

void LevelTotals::add(const LevelTotals& other) {
  states += other.states;
  transitions += other.transitions;
  end_states += other.end_states;
  cut_off += other.cut_off;
  fingerprint += other.fingerprint;
  for (std::size_t kind = 0; kind < kFaultKinds; ++kind) fired[kind] += other.fired[kind];
  violations.add(other.violations);
}

LevelFolder::LevelFolder(fs::path path, std::string identity, bool is_first)
    : path_(std::move(path)), identity_(std::move(identity)) {
  std::error_code error;
  fs::create_directories(path_, error);
  if (error)
    throw LevelFileError(fmt::format("cannot make the folder {}: {}", path_.string(), error.message()));
  if (!is_first) return;
  const fs::path file = path_ / kLock;
  lock_.reset(std::fopen(file.c_str(), "ab"));
  if (!lock_) throw_file_error("cannot write", file);
  if (flock(fileno(lock_.get()), LOCK_EX | LOCK_NB) != 0)
    throw LevelFolderRefused(fmt::format("another search is at work in {}", path_.string()));
}

std::optional<LevelManifest> LevelFolder::manifest() const {
  const fs::path file = path_ / "manifest";
  if (!fs::exists(file)) return std::nullopt;
  const Bytes bytes = read_file(file);
  const auto refused = [&](std::string_view what) {
    return LevelFolderRefused(
        fmt::format("{} holds the levels of {}: name another folder, or remove it", path_.string(), what));
  };
  const bool begins_well = bytes.size() >= kMagic.size() + sizeof(std::uint64_t) &&
                           std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
  if (!begins_well) throw refused("another version");
  const std::size_t summed = bytes.size() - sizeof(std::uint64_t);
  ByteReader sum(std::span<const std::byte>(bytes).subspan(summed));
  if (sum.take<std::uint64_t>() != checksum(std::span<const std::byte>(bytes).first(summed)))
    throw refused("a search whose manifest is damaged");
  ByteReader reader(std::span<const std::byte>(bytes).subspan(kMagic.size(), summed - kMagic.size()));
  if (take_text(reader) != identity_) throw refused("another scenario or build");
  LevelManifest manifest;
  manifest.words = reader.take<std::uint32_t>();
  manifest.pass = reader.take<std::uint32_t>();
  manifest.block_states = reader.take<std::uint64_t>();
  manifest.is_done = reader.take<std::uint32_t>();
  manifest.log_bytes = reader.take<std::uint64_t>();
  manifest.local_states = reader.take<std::uint64_t>();
  manifest.totals = reader.take<LevelTotals>();
  reader.take_all(manifest.levels, reader.left<LevelSize>());
  return manifest;
}

void LevelFolder::write(const LevelManifest& manifest) const {
  Bytes bytes;
  append_all(bytes, std::span<const char>(kMagic.data(), kMagic.size()));
  append_text(bytes, identity_);
  append(bytes, manifest.words);
  append(bytes, manifest.pass);
  append(bytes, manifest.block_states);
  append(bytes, manifest.is_done);
  append(bytes, manifest.log_bytes);
  append(bytes, manifest.local_states);
  append(bytes, manifest.totals);
  append_all(bytes, std::span<const LevelSize>(manifest.levels));
  append(bytes, checksum(bytes));
  const fs::path written = path_ / "manifest.new";
  OpenFile file(std::fopen(written.c_str(), "wb"));
  if (!file || std::fwrite(bytes.data(), bytes.size(), 1, file.get()) != 1 || std::fflush(file.get()) != 0 ||
      fsync(fileno(file.get())) != 0)
    throw_file_error("cannot write", written);
  file.reset();
  if (std::rename(written.c_str(), (path_ / "manifest").c_str()) != 0)
    throw_file_error("cannot write", path_ / "manifest");
}

fs::path LevelFolder::level(std::uint32_t pass, std::size_t level, unsigned member) const {
  return path_ / fmt::format("pass-{}-{:05}-{}.level", pass, level, member);
}

fs::path LevelFolder::log(std::uint32_t pass) const { return path_ / fmt::format("log-{}", pass); }

void LevelFolder::clear() const {
  std::error_code error;  // what cannot be taken away stays: the search is done
  fs::remove(path_ / "manifest", error);
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    if (is_ours(entry.path())) fs::remove(entry.path(), error);
  }
  fs::remove(path_, error);
}

LevelLog::LevelLog(fs::path path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {
  if (bytes > 0 && truncate(path_.c_str(), static_cast<off_t>(bytes)) != 0)
    throw_file_error("cannot go on with", path_);
  file_.reset(std::fopen(path_.c_str(), bytes > 0 ? "ab" : "wb"));
  if (!file_) throw_file_error("cannot write", path_);
}

void LevelLog::append(const Bytes& entry) {
  if (std::fwrite(entry.data(), entry.size(), 1, file_.get()) != 1) throw_file_error("cannot write", path_);
  bytes_ += entry.size();
}

void LevelLog::flush() {
  if (std::fflush(file_.get()) != 0 || fsync(fileno(file_.get())) != 0)
    throw_file_error("cannot write", path_);
}

Bytes LevelLog::read(const fs::path& path, std::uint64_t bytes) {
  Bytes all = read_file(path);
  if (all.size() < bytes) throw LevelFileError(fmt::format("cannot read {}: it is damaged", path.string()));
  all.resize(bytes);
  return all;
}

}  // namespace lockstorm::sim
