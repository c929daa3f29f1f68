#include "scenarios/hunt/corpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "scenarios/data/fnv1a.hpp"
#include "scenarios/data/input_file.hpp"
#include "sim/random.hpp"

namespace lockstorm::scenarios {
namespace fs = std::filesystem;

namespace {
constexpr std::string_view kSuffix = ".replay";
constexpr std::string_view kDraft = ".part";
}  // namespace

Corpus::Corpus(fs::path directory, std::string subject, std::uint64_t fingerprint, Tell tell)
    : directory_(std::move(directory)),
      subject_(std::move(subject)),
      fingerprint_(fingerprint),
      tell_(std::move(tell)) {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error)
    complain(fmt::format("cannot create it ({}): what is found is printed, not kept", error.message()));
}

void Corpus::complain(const std::string& what) {
  if (std::find(complaints_.begin(), complaints_.end(), what) != complaints_.end()) return;
  complaints_.push_back(what);
  if (tell_) tell_(fmt::format("corpus {}: {}", directory_.string(), what));
}

std::string Corpus::text_of(const sim::Schedule& schedule) const {
  return sim::encode_replay({subject_, fingerprint_, schedule});
}

fs::path Corpus::path_of(const std::string& text) const {
  std::uint64_t hash = 0;
  for (const char letter : text) hash = sim::mix(hash, static_cast<unsigned char>(letter));
  return directory_ / fmt::format("{}-{}{}", hex(fingerprint_), hex(hash), kSuffix);
}

namespace {

// The directory may be somebody's who has files of their own in it.
bool is_draft(const fs::path& file) {
  return file.extension() == kDraft && file.stem().extension() == kSuffix;
}

// A draft is there for a moment; one that is older is of a campaign that was killed.
void remove_if_left(const fs::path& draft) {
  std::error_code error;
  const auto written = fs::last_write_time(draft, error);
  if (!error && fs::file_time_type::clock::now() - written > std::chrono::minutes(1))
    fs::remove(draft, error);
}

}  // namespace

void Corpus::move_aside(const fs::path& file, const std::string& why) {
  std::error_code error;
  fs::create_directories(directory_ / "aside", error);
  if (!error) fs::rename(file, directory_ / "aside" / file.filename(), error);
  complain(fmt::format("{} {} ({})", file.filename().string(),
                       error ? "is skipped, and could not be moved to aside/" : "is set aside", why));
}

std::vector<sim::Schedule> Corpus::load() {
  std::vector<sim::Schedule> schedules;
  if (directory_.empty()) return schedules;
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(directory_, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == kSuffix) files.push_back(entry->path());
    if (is_draft(entry->path())) remove_if_left(entry->path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    auto text = read_input_file(file, kCorpusFile);
    if (!text) {
      complain(fmt::format("{} is skipped: it {}", file.filename().string(), text.error().problem));
      continue;
    }
    std::string line = *std::move(text);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    const auto replay = sim::decode_replay(line);
    if (!replay) {
      move_aside(file, replay.error());
    } else if (replay->fingerprint == fingerprint_) {
      schedules.push_back(replay->schedule);
    } else if (replay->subject == subject_) {
      move_aside(file, "it was recorded in another version of the scenario");
    }  // else: another scenario's, which may share the directory
  }
  return schedules;
}

void Corpus::set_aside(const sim::Schedule& schedule, const std::string& why) {
  if (!directory_.empty()) move_aside(path_of(text_of(schedule)), why);
}

void Corpus::keep(const sim::Schedule& schedule) {
  if (directory_.empty()) return;
  const std::string text = text_of(schedule);
  const fs::path path = path_of(text);
  std::error_code error;
  if (fs::exists(path, error)) return;
  fs::path draft = path;
  draft += kDraft;
  {
    std::ofstream stream(draft);
    stream << text << '\n';
    stream.close();
    if (!stream) {
      fs::remove(draft, error);
      complain("cannot write to it: what is found is printed, not kept");
      return;
    }
  }
  fs::rename(draft, path, error);
  if (error) complain("cannot write to it: what is found is printed, not kept");
}

void Corpus::drop(const sim::Schedule& schedule) {
  std::error_code error;
  if (!directory_.empty()) fs::remove(path_of(text_of(schedule)), error);
}

}  // namespace lockstorm::scenarios
