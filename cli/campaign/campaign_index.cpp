#include "cli/campaign/campaign_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "cli/campaign/index_file.hpp"
#include "cli/clock.hpp"
#include "scenarios/data/fnv1a.hpp"
#include "scenarios/files/library.hpp"
#include "scenarios/files/yaml_scenario.hpp"

namespace lockstorm::cli {
namespace {

namespace fs = std::filesystem;
using scenarios::InputError;
using scenarios::ShardOwner;
using scenarios::ShardRow;
using scenarios::ShardState;

constexpr std::string_view kColumns =
    "SELECT id, scenario, number, count, state, claim, host, machine, process, started, task, since, beats, "
    "failures, seconds, why FROM shards ";

// The line of one text that the other does not have, and the one in its place.
std::string first_difference(const std::string& there, const std::string& here) {
  std::istringstream one(there);
  std::istringstream other(here);
  std::string line;
  std::string in_place;
  while (true) {
    const bool more = static_cast<bool>(std::getline(one, line));
    const bool other_more = static_cast<bool>(std::getline(other, in_place));
    if (!more && !other_more) return {};
    if (!more) line = "nothing";
    if (!other_more) in_place = "nothing";
    if (line != in_place) return fmt::format("'{}' there, '{}' here", line, in_place);
  }
}

InputError of_another_build(const std::string& file, const std::string& build) {
  return {{file, 0, 0},
          fmt::format("another build of lockstorm began the campaign ({}; this is {})", build, this_build()),
          "the same program on every machine",
          "go on with that one, or begin anew with --folder DIR"};
}

}  // namespace

CampaignIndex::CampaignIndex(fs::path folder, Database database)
    : folder_(std::move(folder)), database_(std::move(database)) {}

bool CampaignIndex::is_in(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / kIndexName, ignored);
}

std::string CampaignIndex::setting(std::string_view key) {
  Statement read = database_.prepare("SELECT value FROM campaign WHERE key = ?");
  read.bind(key);
  return read.step() ? read.text(0) : std::string();
}

std::expected<CampaignIndex, InputError> CampaignIndex::begin(const fs::path& folder,
                                                              const scenarios::CampaignSpec& spec,
                                                              const std::vector<scenarios::Scenario>& found) {
  if (auto failed = make_index_file(folder, spec, found)) return std::unexpected(*std::move(failed));
  auto index = open(folder);
  if (!index) return index;
  const std::string there = index->setting("settings");
  if (const std::string differs = first_difference(there, canonical_text(spec, found)); !differs.empty())
    return std::unexpected(InputError{{folder.string(), 0, 0},
                                      fmt::format("another campaign was begun in this folder: {}", differs),
                                      "the campaign that it was begun with",
                                      "begin this one in another folder: --folder DIR"});
  // What does not change the result may change between two starts.
  index->spec_.attempts = spec.attempts;
  index->spec_.lost_after = spec.lost_after;
  index->spec_.slurm = spec.slurm;
  return index;
}

std::expected<CampaignIndex, InputError> CampaignIndex::open(const fs::path& folder, bool any_build) {
  const std::string file = (folder / kIndexName).string();
  if (!is_in(folder))
    return std::unexpected(InputError{{folder.string(), 0, 0},
                                      "no campaign was begun here",
                                      "the folder of a campaign",
                                      "`lockstorm campaign run SPEC` begins one"});
  CampaignIndex index(folder, Database(file, false));
  if (const std::string format = index.setting("format"); format != kIndexFormat)
    return std::unexpected(
        InputError{{file, 0, 0}, "another version of lockstorm wrote it, in another form", "", ""});
  if (const std::string build = index.setting("build"); !any_build && build != this_build())
    return std::unexpected(of_another_build(file, build));
  auto spec = scenarios::parse_campaign_spec(index.setting("spec"), index.setting("spec_file"));
  if (!spec) return std::unexpected(spec.error());
  index.spec_ = *std::move(spec);
  return index;
}

std::expected<std::vector<scenarios::Scenario>, InputError> CampaignIndex::scenarios() {
  std::vector<scenarios::Scenario> all;
  Statement read =
      database_.prepare("SELECT reference, name, fingerprint, yaml FROM scenarios ORDER BY number");
  while (read.step()) {
    const std::string reference = read.text(0);
    const std::string yaml = read.text(3);
    auto scenario = yaml.empty() ? scenarios::find_scenario(reference)
                                 : scenarios::parse_scenario(yaml, reference, read.text(1));
    if (!scenario) return std::unexpected(scenario.error());
    if (scenarios::hex(fingerprint(*scenario)) != read.text(2))
      return std::unexpected(InputError{{database_.file(), 0, 0},
                                        fmt::format("the scenario '{}' is not the one that the campaign was "
                                                    "begun with: their fingerprints differ",
                                                    read.text(1)),
                                        "",
                                        "begin anew in another folder: --folder DIR"});
    scenario->name = read.text(1);
    all.push_back(*std::move(scenario));
  }
  return all;
}

std::string CampaignIndex::part_file(const ShardRow& shard) const {
  const std::string name =
      fmt::format("{:04}-{:02}-of-{:02}.json", shard.scenario + 1, shard.number + 1, shard.count);
  return (folder_ / "parts" / name).string();
}

fs::path CampaignIndex::found_folder(const ShardRow& claimed) const {
  return folder_ / "found" /
         fmt::format("{:04}-{:02}-of-{:02}.{}", claimed.scenario + 1, claimed.number + 1, claimed.count,
                     claimed.claim);
}

std::vector<fs::path> CampaignIndex::found_folders(const ShardRow& shard) const {
  std::vector<fs::path> all;
  ShardRow earlier = shard;
  for (earlier.claim = 1; earlier.claim <= shard.claim; ++earlier.claim) {
    std::error_code error;
    const fs::path folder = found_folder(earlier);
    if (fs::is_directory(folder, error) && !fs::is_empty(folder, error)) all.push_back(folder);
  }
  return all;
}

std::vector<ShardRow> CampaignIndex::rows(std::string_view where, std::optional<std::int64_t> id) {
  std::vector<ShardRow> all;
  Statement read = database_.prepare(fmt::format("{}{} ORDER BY id", kColumns, where));
  if (id) read.bind(*id);
  while (read.step()) {
    ShardRow row;
    row.id = read.whole(0);
    row.scenario = static_cast<std::size_t>(read.whole(1));
    row.number = static_cast<unsigned>(read.whole(2));
    row.count = static_cast<unsigned>(read.whole(3));
    row.state = static_cast<ShardState>(read.whole(4));
    row.claim = read.whole(5);
    row.owner = {read.text(6), read.text(7), read.whole(8), static_cast<std::uint64_t>(read.whole(9)),
                 read.text(10)};
    row.since = std::chrono::sys_seconds(std::chrono::seconds(read.whole(11)));
    row.beats = read.whole(12);
    row.failures = static_cast<unsigned>(read.whole(13));
    row.seconds = read.number(14);
    row.why = read.text(15);
    all.push_back(std::move(row));
  }
  return all;
}

scenarios::CampaignProgress CampaignIndex::progress() {
  scenarios::CampaignProgress progress;
  progress.folder = folder_.string();
  Statement names = database_.prepare("SELECT name FROM scenarios ORDER BY number");
  while (names.step()) progress.scenarios.push_back(names.text(0));
  progress.shards = rows("");
  Statement jobs = database_.prepare("SELECT system, job, does FROM jobs ORDER BY rowid");
  while (jobs.step()) progress.jobs.push_back({jobs.text(0), jobs.text(1), jobs.text(2)});
  progress.now = time_now();
  return progress;
}

std::optional<ShardRow> CampaignIndex::shard(std::int64_t id) {
  std::vector<ShardRow> found = rows("WHERE id = ?", id);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<ShardRow> CampaignIndex::claim(const ShardOwner& me, LifeWatch& watch,
                                             std::optional<std::int64_t> only) {
  // Who waits for others looks often: only who may take something keeps them from writing.
  give_up_lost(me, watch);
  if (rows(only ? "WHERE state = 0 AND id = ?" : "WHERE state = 0", only).empty()) return std::nullopt;
  Transaction all(database_);
  std::optional<ShardRow> claimed = claim_todo(me, only);
  all.commit();
  return claimed;
}

std::optional<ShardRow> CampaignIndex::claim_todo(const ShardOwner& me, std::optional<std::int64_t> only) {
  // Those that have failed come last: they are not to hold up the others.
  Statement find = database_.prepare(only ? "SELECT id FROM shards WHERE state = 0 AND id = ?"
                                          : "SELECT id FROM shards WHERE state = 0 ORDER BY failures, id");
  if (only) find.bind(*only);
  if (!find.step()) return std::nullopt;
  const std::int64_t id = find.whole(0);
  database_
      .prepare(
          "UPDATE shards SET state = 1, claim = claim + 1, host = ?, machine = ?, process = ?, "
          "started = ?, task = ?, since = ?, beats = 0 WHERE id = ?")
      .bind(me.host)
      .bind(me.machine)
      .bind(me.process)
      .bind(static_cast<std::int64_t>(me.started))
      .bind(me.task)
      .bind(std::int64_t{time_now().time_since_epoch().count()})
      .bind(id)
      .run();
  return shard(id);
}

void CampaignIndex::give_up_lost(const ShardOwner& me, LifeWatch& watch) {
  const LifeWatch::Clock::time_point now = LifeWatch::Clock::now();
  for (const ShardRow& row : rows("WHERE state = 1")) {
    const auto silent = watch.silent_for(row, now);
    if (is_gone(row.owner, me)) {
      fail(row, fmt::format("process {} on {} ended without a word", row.owner.process, row.owner.host));
    } else if (silent >= spec_.lost_after) {
      fail(row, fmt::format("nothing was heard of process {} on {} for {} s", row.owner.process,
                            row.owner.host, std::chrono::ceil<std::chrono::seconds>(silent).count()));
    }
  }
}

bool CampaignIndex::beat(const ShardRow& claimed) {
  database_.prepare("UPDATE shards SET beats = beats + 1 WHERE id = ? AND claim = ? AND state = 1")
      .bind(claimed.id)
      .bind(claimed.claim)
      .run();
  return database_.changed() > 0;
}

void CampaignIndex::finish(const ShardRow& claimed, double seconds) {
  database_.prepare("UPDATE shards SET state = 2, seconds = ?, why = '' WHERE id = ? AND state != 2")
      .bind(seconds)
      .bind(claimed.id)
      .run();
}

void CampaignIndex::fail(const ShardRow& claimed, const std::string& why) {
  database_
      .prepare(
          "UPDATE shards SET failures = failures + 1, why = ?, "
          "state = CASE WHEN failures + 1 >= ? THEN 3 ELSE 0 END WHERE id = ? AND claim = ? AND "
          "state = 1")
      .bind(scenarios::printable(why))
      .bind(std::int64_t{spec_.attempts})
      .bind(claimed.id)
      .bind(claimed.claim)
      .run();
}

void CampaignIndex::release(const ShardRow& claimed) {
  database_.prepare("UPDATE shards SET state = 0 WHERE id = ? AND claim = ? AND state = 1")
      .bind(claimed.id)
      .bind(claimed.claim)
      .run();
}

std::vector<ShardRow> CampaignIndex::reopen_lost_parts(const std::function<bool(const ShardRow&)>& is_whole) {
  std::vector<ShardRow> reopened;
  for (const ShardRow& row : rows("WHERE state = 2")) {
    if (is_whole(row)) continue;
    database_.prepare("UPDATE shards SET state = 0 WHERE id = ? AND claim = ? AND state = 2")
        .bind(row.id)
        .bind(row.claim)
        .run();
    if (database_.changed() > 0) reopened.push_back(row);
  }
  return reopened;
}

std::size_t CampaignIndex::retry_failed() {
  database_.execute("UPDATE shards SET state = 0, failures = 0 WHERE state = 3");
  return static_cast<std::size_t>(database_.changed());
}

void CampaignIndex::note_job(const scenarios::SubmittedJob& job) {
  database_.prepare("INSERT INTO jobs VALUES(?, ?, ?)").bind(job.system).bind(job.job).bind(job.does).run();
}

}  // namespace lockstorm::cli
