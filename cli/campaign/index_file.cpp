#include "cli/campaign/index_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "cli/campaign/shard_owner.hpp"
#include "cli/campaign/sqlite.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/data/input_file.hpp"
#include "scenarios/files/library.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using scenarios::InputError;

constexpr const char* kTables = R"(
CREATE TABLE campaign(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE scenarios(number INTEGER PRIMARY KEY, reference TEXT NOT NULL, name TEXT NOT NULL,
  fingerprint TEXT NOT NULL, yaml TEXT NOT NULL);
CREATE TABLE shards(id INTEGER PRIMARY KEY, scenario INTEGER NOT NULL, number INTEGER NOT NULL,
  count INTEGER NOT NULL, state INTEGER NOT NULL DEFAULT 0, claim INTEGER NOT NULL DEFAULT 0,
  host TEXT NOT NULL DEFAULT '', machine TEXT NOT NULL DEFAULT '', process INTEGER NOT NULL DEFAULT 0,
  started INTEGER NOT NULL DEFAULT 0, task TEXT NOT NULL DEFAULT '', since INTEGER NOT NULL DEFAULT 0,
  beats INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT '');
CREATE TABLE jobs(system TEXT NOT NULL, job TEXT NOT NULL, does TEXT NOT NULL);
)";

InputError cannot_begin(const fs::path& folder, int error) {
  return {{folder.string(), 0, 0},
          "the campaign's folder cannot be made: " + std::generic_category().message(error),
          "a folder that can be written to",
          "--folder DIR"};
}

// The text of a scenario's file, as the campaign keeps it; empty for one that is found by its name.
std::expected<std::string, InputError> yaml_of(const scenarios::Scenario& scenario) {
  if (scenario.file.empty() || scenarios::is_of_library(scenario)) return std::string();
  return read_input_file(scenario.file, scenarios::kScenarioFile);
}

void fill(Database& database, const scenarios::CampaignSpec& spec,
          const std::vector<scenarios::Scenario>& found, const std::vector<std::string>& yaml) {
  Transaction all(database);
  database.execute(kTables);
  const auto set = [&](std::string_view key, std::string_view value) {
    database.prepare("INSERT INTO campaign VALUES(?, ?)").bind(key).bind(value).run();
  };
  set("format", kIndexFormat);
  set("build", this_build());
  set("spec", spec.text);
  set("spec_file", spec.file);
  set("settings", canonical_text(spec, found));
  std::int64_t id = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    database.prepare("INSERT INTO scenarios VALUES(?, ?, ?, ?, ?)")
        .bind(static_cast<std::int64_t>(i))
        .bind(reference_of(found[i]))
        .bind(found[i].name)
        .bind(scenarios::hex(fingerprint(found[i])))
        .bind(yaml[i])
        .run();
    for (unsigned number = 0; number < spec.shards; ++number)
      database.prepare("INSERT INTO shards(id, scenario, number, count) VALUES(?, ?, ?, ?)")
          .bind(++id)
          .bind(static_cast<std::int64_t>(i))
          .bind(std::int64_t{number})
          .bind(std::int64_t{spec.shards})
          .run();
  }
  all.commit();
}

// Whole or not at all, also where two begin it at once: the second one finds the first one's.
std::optional<InputError> make_index(const fs::path& file, const scenarios::CampaignSpec& spec,
                                     const std::vector<scenarios::Scenario>& found,
                                     const std::vector<std::string>& yaml) {
  std::string draft = (file.parent_path() / ".campaign-XXXXXX").string();
  const int descriptor = ::mkstemp(draft.data());
  if (descriptor < 0) return cannot_begin(file.parent_path(), errno);
  ::close(descriptor);
  int error = 0;
  try {
    Database database(draft, false);
    fill(database, spec, found, yaml);
  } catch (...) {
    ::unlink(draft.c_str());
    throw;
  }
  if (::link(draft.c_str(), file.c_str()) != 0) error = errno;
  ::unlink(draft.c_str());
  if (error != 0 && error != EEXIST) return cannot_begin(file.parent_path(), error);
  return std::nullopt;
}

}  // namespace

std::optional<InputError> make_index_file(const fs::path& folder, const scenarios::CampaignSpec& spec,
                                          const std::vector<scenarios::Scenario>& found) {
  std::vector<std::string> yaml;
  for (const scenarios::Scenario& scenario : found) {
    auto text = yaml_of(scenario);
    if (!text) return std::move(text).error();
    yaml.push_back(*std::move(text));
  }
  std::error_code error;
  fs::create_directories(folder / "parts", error);
  if (error) return cannot_begin(folder, error.value());
  if (fs::exists(folder / kIndexName, error)) return std::nullopt;
  return make_index(folder / kIndexName, spec, found, yaml);
}

}  // namespace lockstorm::cli
