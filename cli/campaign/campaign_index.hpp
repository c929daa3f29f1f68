// The index of a campaign's folder: which shards there are, how far each is, who is at it. Several processes
// on several machines use it at once.
#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/campaign/shard_owner.hpp"
#include "cli/campaign/sqlite.hpp"
#include "scenarios/shards/campaign_spec.hpp"
#include "scenarios/shards/shard_state.hpp"

namespace lockstorm::cli {

class CampaignIndex {
 public:
  /// Begins the campaign in the folder, or opens it where it was begun before. Another campaign in the
  /// folder, or another build of the command, is an error that says what differs.
  static std::expected<CampaignIndex, scenarios::InputError> begin(
      const std::filesystem::path& folder, const scenarios::CampaignSpec& spec,
      const std::vector<scenarios::Scenario>& found);
  /// Opens what was begun. `any_build`: only to look at it.
  static std::expected<CampaignIndex, scenarios::InputError> open(const std::filesystem::path& folder,
                                                                  bool any_build = false);
  /// Whether a campaign was begun there.
  static bool is_in(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const scenarios::CampaignSpec& spec() const { return spec_; }
  /// As they were when the campaign was begun, whatever has become of their files since.
  [[nodiscard]] std::expected<std::vector<scenarios::Scenario>, scenarios::InputError> scenarios();
  /// Where the result of a shard lies, or will lie.
  [[nodiscard]] std::string part_file(const scenarios::ShardRow& shard) const;

  /// What the owner of a claim keeps as soon as it is found, until the shard is done.
  [[nodiscard]] std::filesystem::path found_folder(const scenarios::ShardRow& claimed) const;
  /// Those of all claims of the shard in which something is.
  [[nodiscard]] std::vector<std::filesystem::path> found_folders(const scenarios::ShardRow& shard) const;

  [[nodiscard]] scenarios::CampaignProgress progress();
  [[nodiscard]] std::optional<scenarios::ShardRow> shard(std::int64_t id);

  /// Takes a shard: one that nobody is at, or one whose owner is lost, which counts as a failure of the
  /// shard. `only`: no other one. Nothing: there is none now.
  std::optional<scenarios::ShardRow> claim(const scenarios::ShardOwner& me, LifeWatch& watch,
                                           std::optional<std::int64_t> only = {});
  /// A sign of life. False: somebody else has the shard by now.
  bool beat(const scenarios::ShardRow& claimed);
  /// Its result is in its place. Whoever made it, it is the result.
  void finish(const scenarios::ShardRow& claimed, double seconds);
  /// An attempt came to nothing; after `attempts` of them the shard is left. Nothing happens where the shard
  /// is somebody else's by now.
  void fail(const scenarios::ShardRow& claimed, const std::string& why);
  /// Its owner was told to stop: it is to do, and no failure.
  void release(const scenarios::ShardRow& claimed);
  /// Results that are not there any more, or not whole, are to be made again. `is_whole`: of a part's file.
  std::vector<scenarios::ShardRow> reopen_lost_parts(
      const std::function<bool(const scenarios::ShardRow&)>& is_whole);
  /// Shards that have failed get all their attempts again; how many there were.
  std::size_t retry_failed();

  void note_job(const scenarios::SubmittedJob& job);

 private:
  CampaignIndex(std::filesystem::path folder, Database database);
  [[nodiscard]] std::string setting(std::string_view key);
  void load_spec();
  std::optional<scenarios::ShardRow> claim_todo(const scenarios::ShardOwner& me,
                                                std::optional<std::int64_t> only);
  void give_up_lost(const scenarios::ShardOwner& me, LifeWatch& watch);
  std::vector<scenarios::ShardRow> rows(std::string_view where, std::optional<std::int64_t> id = {});

  std::filesystem::path folder_;
  Database database_;
  scenarios::CampaignSpec spec_;
};

}  // namespace lockstorm::cli
