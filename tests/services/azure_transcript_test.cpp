// The Azure Blob model answers as a recorded Azurite did: status, error code, body, lease state and the time
// leases take (server-semantics.md 3.1).
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "models/services/azure_blob.hpp"
#include "tests/transcript.hpp"

namespace lockstorm::models {
namespace {

// Requests that the model has no words for, each with the reason.
const std::map<std::string, std::string> kOutOfAzureScope{
    {"container-create", "the container is there"},
    {"acquire-no-duration-header", "every client names a duration; Azurite answers 500 for ever after it"},
    {"after-no-duration-acquire", "follows from it"},
    {"get-after-no-duration-acquire", "follows from it"},
    {"acquire-bad-guid", "lock ids are GUIDs here; Azure refuses others with 400, Azurite does not"},
    {"after-bad-guid-acquire", "follows from it"},
};

constexpr std::string_view kLockInfoHeader = "x-ms-meta-terraformlockid";

class AzureReplay {
 public:
  AzureBlob::Response operator()(const nlohmann::json& line) {
    pass_until(line["t_ms"]);
    return apply(line["request"]["target"], to_request(line["request"]), line);
  }

  /// Lets time pass until `contender` gets a lease on the blob; how many seconds that takes.
  int seconds_until_acquired(const nlohmann::json& line, char contender) {
    int seconds = 0;
    const AzureBlob::AcquireLease acquire{lock_id(std::string(1, contender)), kInfiniteLease};
    while (model_.apply(objects_.at(kStateBlob), 0, acquire).response.status != AzureBlob::Status::created) {
      pass(1);
      ++seconds;
      if (seconds > 100) break;
    }
    const int until_s = line["t_ms"].get<int>() / 1000;
    EXPECT_EQ(now_s_, until_s) << line["step"];
    return seconds;
  }

  /// How many of `contenders` succeed, one after the other in whatever order.
  int winners(int contenders, bool leases) {
    AzureBlob::Value value;
    if (leases) value.exists = 1;
    int won = 0;
    for (int i = 0; i < contenders; ++i) {
      const LockId id{sim::Who::process(static_cast<sim::Slot>(i)), 0};
      const AzureBlob::Request request =
          leases
              ? AzureBlob::Request(AzureBlob::AcquireLease{id, kInfiniteLease})
              : AzureBlob::Request(AzureBlob::PutBlob{{}, {}, {}, AzureBlob::Condition::if_none_match_any});
      won += model_.apply(value, 0, request).response.error == AzureError::none ? 1 : 0;
    }
    return won;
  }

  static StateSnapshot state_of(const std::string& body) {
    StateSnapshot state;
    if (body.empty()) return state;
    state.serial =
        body.starts_with("{") ? nlohmann::json::parse(body)["serial"].get<std::uint8_t>() : std::uint8_t{99};
    return state;
  }

 private:
  static constexpr const char* kStateBlob = "/devstoreaccount1/tfstate/a.tfstate";

  void pass(int seconds) {
    for (int i = 0; i < seconds; ++i, ++now_s_) {
      for (auto& [name, value] : objects_) model_.tick(value);
    }
  }
  void pass_until(int t_ms) { pass(std::max(0, t_ms / 1000 - now_s_)); }

  AzureBlob::Response apply(std::string target, const AzureBlob::Request& request,
                            const nlohmann::json& line) {
    target = target.substr(0, target.find('?'));
    AzureBlob::Value& value = objects_[target];
    const auto answer = model_.apply(value, 0, request).response;
    const auto& headers = line["response"]["headers"];
    if (answer.error == AzureError::none && headers.contains("etag"))
      etags_[headers["etag"].get<std::string>()] = value.etag;
    return answer;
  }

  // "11111111-..." or "A": who proposed it.
  static LockId lock_id(const std::string& text) {
    if (text.empty()) return {};
    const int nth = text[0] >= 'A' ? text[0] - 'A' : text[0] - '1';
    return {sim::Who::process(static_cast<sim::Slot>(nth)), 0};
  }
  static LockInfo metadata_of(const nlohmann::json& headers) {
    if (!headers.contains(kLockInfoHeader)) return {};
    return {{sim::Who::process(0), 0}, LockOperation::apply};
  }

  AzureBlob::Request to_lease_request(const nlohmann::json& headers) const {
    const std::string action = headers["x-ms-lease-action"];
    const auto number = [&](const char* header, std::uint16_t absent) -> std::uint16_t {
      if (!headers.contains(header)) return absent;
      return static_cast<std::uint16_t>(std::stoi(headers[header].get<std::string>()));  // -1: infinite
    };
    const LockId lease = lock_id(headers.value("x-ms-lease-id", ""));
    const std::string proposed_text = headers.value("x-ms-proposed-lease-id", "");
    // Without a proposal the server draws an id that nobody has.
    const LockId proposed = proposed_text.empty() ? LockId{sim::Who::process(99), 0} : lock_id(proposed_text);
    if (action == "acquire")
      return AzureBlob::AcquireLease{proposed, number("x-ms-lease-duration", kInfiniteLease)};
    if (action == "renew") return AzureBlob::RenewLease{lease};
    if (action == "change") return AzureBlob::ChangeLease{lease, proposed};
    if (action == "release") return AzureBlob::ReleaseLease{lease};
    EXPECT_EQ(action, "break");
    return AzureBlob::BreakLease{number("x-ms-lease-break-period", kNoBreakPeriod)};
  }

  AzureBlob::Request to_request(const nlohmann::json& request) const {
    const std::string target = request["target"];
    const std::string method = request["method"];
    const auto& headers = request["headers"];
    if (target.ends_with("?comp=lease")) return to_lease_request(headers);
    const LockId lease = lock_id(headers.value("x-ms-lease-id", ""));
    if (target.ends_with("?comp=metadata")) return AzureBlob::SetMetadata{metadata_of(headers), lease};
    if (method == "GET") return AzureBlob::GetBlob{lease};
    if (method == "HEAD") return AzureBlob::GetProperties{lease};
    if (method == "DELETE") return AzureBlob::DeleteBlob{lease};
    AzureBlob::PutBlob put{state_of(request["body"]), metadata_of(headers), lease};
    if (headers.contains("If-None-Match")) put.condition = AzureBlob::Condition::if_none_match_any;
    if (headers.contains("If-Match")) {
      put.condition = AzureBlob::Condition::if_match;
      put.etag = etags_.at(headers["If-Match"].get<std::string>());
    }
    return put;
  }

  AzureBlob model_{{.names_lost_leases = false}, true, 1, {}};
  std::map<std::string, AzureBlob::Value> objects_;
  std::map<std::string, std::uint16_t> etags_;
  int now_s_ = 0;
};

void compare_answer(const nlohmann::json& line, const AzureBlob::Response& answer) {
  const auto& recorded = line["response"];
  const auto& headers = recorded["headers"];
  EXPECT_EQ(static_cast<int>(answer.status), recorded["status"].get<int>()) << line["step"];
  EXPECT_EQ(azure_error_name(answer.error), headers.value("x-ms-error-code", "")) << line["step"];
  if (headers.contains("x-ms-lease-status")) {
    EXPECT_EQ(answer.is_locked(), headers["x-ms-lease-status"] == "locked") << line["step"];
    static const std::map<std::string, AzureLease::State> kStates{{"available", AzureLease::State::available},
                                                                  {"leased", AzureLease::State::leased},
                                                                  {"breaking", AzureLease::State::breaking},
                                                                  {"broken", AzureLease::State::broken},
                                                                  {"expired", AzureLease::State::expired}};
    EXPECT_EQ(answer.lease_state, kStates.at(headers["x-ms-lease-state"])) << line["step"];
    EXPECT_EQ(!answer.metadata.empty(), headers.contains(kLockInfoHeader)) << line["step"];
  }
  if (headers.contains("x-ms-lease-time")) {
    EXPECT_EQ(std::to_string(answer.lease_time_s), headers["x-ms-lease-time"].get<std::string>())
        << line["step"];
  }
  if (line["request"]["method"] == "GET" && answer.error == AzureError::none) {
    EXPECT_EQ(answer.state, AzureReplay::state_of(recorded["body"])) << line["step"];
  }
}

TEST(AzureTranscript, Azurite) {
  // Who polled for the lease in each `timing` line; the recording names only the first.
  const std::map<std::string, char> contenders{{"timing-break-period-2-until-acquirable", 'C'},
                                               {"timing-15s-lease-until-other-acquires", 'B'},
                                               {"timing-renewed-15s-lease-until-other-acquires", 'B'}};
  AzureReplay replay;
  int compared = 0;
  int timings = 0;
  int races = 0;
  int out_of_scope = 0;
  for (const auto& line : transcript_lines("azurite.jsonl")) {
    if (line["kind"] == "race") {
      const bool leases = line["step"].get<std::string>().find("lease") != std::string::npos;
      const std::string winners = line["rounds_by_number_of_winners"].begin().key();
      EXPECT_EQ(std::to_string(replay.winners(line["contenders"], leases)), winners) << line["step"];
      ++races;
    } else if (line["kind"] == "timing") {
      const double seconds = line["seconds"];
      EXPECT_EQ(replay.seconds_until_acquired(line, contenders.at(line["step"])),
                static_cast<int>(std::lround(seconds)))
          << line["step"];
      ++timings;
    } else if (line["kind"] == "http") {
      if (kOutOfAzureScope.contains(line["step"])) {
        ++out_of_scope;
        continue;
      }
      compare_answer(line, replay(line));
      ++compared;
    }
  }
  EXPECT_EQ(compared, 69);
  EXPECT_EQ(timings, 3);
  EXPECT_EQ(races, 4);
  EXPECT_EQ(out_of_scope, 6);
}

}  // namespace
}  // namespace lockstorm::models
