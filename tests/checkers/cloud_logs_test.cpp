// Logs of clouds: what each says of locks and states, what it leaves open, and where a broken one is broken.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checkers/logs_judge.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::checkers {
namespace {

using logs::LogFormat;

std::string log_text(const std::string& file) { return file_text(LOCKSTORM_TEST_DATA "/logs/" + file); }

std::expected<LogJudgement, HistoryError> judged_texts(const std::vector<std::string>& texts) {
  logs::LogReading reading;
  const auto format = logs::recognise_log(texts.front());
  if (!format) return std::unexpected(HistoryError{0, 0, "not recognised"});
  for (std::uint32_t file = 0; file < texts.size(); ++file)
    if (auto read = read_log(texts[file], *format, file, reading); !read)
      return std::unexpected(read.error());
  return judge_log(*format, std::move(reading), {});
}

LogJudgement judged(const std::string& file) {
  auto result = judged_texts({log_text(file)});
  EXPECT_TRUE(result) << file << ": " << result.error().message;
  return result ? *std::move(result) : LogJudgement{};
}

const Finding* finding(const LogJudgement& judgement, Anomaly anomaly) {
  for (const StateJudgement& state : judgement.states)
    for (const KeyVerdict& verdict : state.verdicts)
      for (const Finding& one : verdict.findings)
        if (one.anomaly == anomaly) return &one;
  return nullptr;
}

TEST(CloudLogs, AreRecognised) {
  const std::vector<std::pair<std::string, LogFormat>> files{
      {"s3-access-held.log", LogFormat::s3_access_log},
      {"cloudtrail-held.json", LogFormat::cloudtrail},
      {"cloudtrail-violated.jsonl", LogFormat::cloudtrail},
      {"azure-storage-held.log", LogFormat::azure_storage_log},
      {"gcs-audit-held.jsonl", LogFormat::gcs_audit_log},
      {"gitlab-held.jsonl", LogFormat::gitlab_state_api_log},
      {"tf-log-local-held.log", LogFormat::tf_log}};
  for (const auto& [file, format] : files) EXPECT_EQ(logs::recognise_log(log_text(file)), format) << file;
  EXPECT_EQ(logs::recognise_log(file_text(LOCKSTORM_TEST_DATA "/histories/lock.jsonl")), std::nullopt);
  EXPECT_EQ(logs::recognise_log(file_text(LOCKSTORM_TEST_DATA "/histories/store.edn")), std::nullopt);
  EXPECT_EQ(logs::recognise_log(file_text(LOCKSTORM_TEST_DATA "/histories/cas-register.log")), std::nullopt);
}

TEST(CloudLogs, WhatIsInOrderIsHeld) {
  for (const std::string file :
       {"s3-access-held.log", "cloudtrail-held.json", "azure-storage-held.log", "gcs-audit-held.jsonl",
        "gitlab-held.jsonl", "tf-log-local-held.log", "tf-log-s3-held.log"}) {
    const LogJudgement judgement = judged(file);
    EXPECT_EQ(worst(judgement), Judgement::holds) << file;
    ASSERT_EQ(judgement.history.states.size(), 1U) << file;
    EXPECT_GE(judgement.history.states.front().grants, 1U) << file;
    EXPECT_GE(judgement.history.states.front().writes, 1U) << file;
    EXPECT_FALSE(judgement.limits.empty()) << file;
  }
}

TEST(CloudLogs, LostUpdatesAreTold) {
  for (const std::string file :
       {"s3-access-violated.log", "cloudtrail-violated.jsonl", "azure-storage-violated.log",
        "gcs-audit-violated.jsonl", "gitlab-violated.jsonl"}) {
    const LogJudgement judgement = judged(file);
    EXPECT_EQ(worst(judgement), Judgement::violated) << file;
    EXPECT_NE(finding(judgement, Anomaly::lost_update), nullptr) << file;
  }
}

TEST(CloudLogs, OverlapsAreToldByTheirEntries) {
  const LogJudgement judgement = judged("cloudtrail-violated.jsonl");
  const Finding* overlap = finding(judgement, Anomaly::overlapping_holders);
  ASSERT_NE(overlap, nullptr);
  EXPECT_EQ(overlap->lines, (std::vector<std::uint32_t>{1, 3}));
  ASSERT_NE(judgement.history.entry(3), nullptr);
  EXPECT_EQ(judgement.history.entry(3)->line, 3U);
  EXPECT_NE(finding(judged("azure-storage-violated.log"), Anomaly::overlapping_holders), nullptr);
}

TEST(CloudLogs, AWriteUnderAnothersLockIsTold) {
  for (const std::string file :
       {"s3-access-violated.log", "gcs-audit-violated.jsonl", "gitlab-violated.jsonl"})
    EXPECT_NE(finding(judged(file), Anomaly::write_under_anothers_lock), nullptr) << file;
}

TEST(CloudLogs, WhoseLockWasMeantDecides) {
  const LogJudgement open = judged("gcs-audit-removed-by-another.jsonl");
  EXPECT_EQ(worst(open), Judgement::unknown);
  ASSERT_EQ(open.history.states.front().removals.size(), 1U);
  EXPECT_EQ(open.history.states.front().removals.front().purpose, logs::LogPurpose::unknown);
  // GitLab compares the id, and Azure's leases are broken by a request of its own.
  EXPECT_EQ(judged("gitlab-violated.jsonl").history.states.front().removals.front().purpose,
            logs::LogPurpose::that_lock);
  EXPECT_EQ(judged("azure-storage-violated.log").history.states.front().removals.front().purpose,
            logs::LogPurpose::that_lock);
}

TEST(CloudLogs, ALockThatAnApplyRemovesIsAForeignUnlock) {
  const std::string sent =
      R"({} [DEBUG] backend-s3: HTTP Request Sent: aws.s3.bucket=b aws.s3.key=k.tflock rpc.method={} tf_backend.req_id={}
{} [DEBUG] backend-s3: HTTP Response Received: aws.s3.bucket=b aws.s3.key=k.tflock rpc.method={} tf_backend.req_id={} http.status_code={}
)";
  const auto request = [&](std::string_view second, std::string_view method, std::string_view id,
                           int status) {
    const std::string at = fmt::format("2026-11-02T10:00:{}Z", second);
    return fmt::format(fmt::runtime(sent), at, method, id, at, method, id, status);
  };
  const auto begin = [](std::string_view command) {
    return fmt::format(
        "2026-11-02T10:00:00Z [INFO]  Terraform version: 1.11.4\n"
        "2026-11-02T10:00:00Z [INFO]  CLI args: []string{{\"terraform\", \"{}\"}}\n",
        command);
  };
  const std::string holder = begin("apply") + request("05.000", "PutObject", "r1", 200);
  const auto removed_by = [&](std::string_view command) {
    return judged_texts({holder, begin(command) + request("09.000", "DeleteObject", "r2", 204)});
  };
  const auto foreign = removed_by("apply");
  ASSERT_TRUE(foreign);
  EXPECT_NE(finding(*foreign, Anomaly::release_of_anothers_lock), nullptr);
  const auto forced = removed_by("force-unlock");
  ASSERT_TRUE(forced);
  EXPECT_EQ(worst(*forced), Judgement::holds);
}

TEST(CloudLogs, WithinOneSecondNobodyKnows) {
  const LogJudgement judgement = judged("s3-access-same-second.log");
  EXPECT_EQ(worst(judgement), Judgement::unknown);
  // That the lock was handed over in that second is possible, so that it was held by two is not certain.
  EXPECT_EQ(judgement.states.front().verdicts.front().judgement, Judgement::holds);
}

TEST(CloudLogs, TheOrderOfFilesAndLinesDoesNotMatter) {
  const std::string text = log_text("s3-access-violated.log");
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
    lines.push_back(text.substr(at, text.find('\n', at) + 1 - at));
  std::ranges::reverse(lines);
  // Delivered twice is told once.
  lines.push_back(lines.front());
  const auto judgement = judged_texts(lines);
  ASSERT_TRUE(judgement);
  EXPECT_EQ(worst(*judgement), Judgement::violated);
  EXPECT_NE(finding(*judgement, Anomaly::lost_update), nullptr);
  EXPECT_EQ(judgement->repeated + judgement->ignored, 5U + judgement->repeated - 1U);
  EXPECT_FALSE(judgement->history.numbers_are_lines);
  const auto once = judged("s3-access-violated.log");
  EXPECT_EQ(judgement->history.states.front().writes, once.history.states.front().writes);
}

// Old versions of states expire every day.
TEST(CloudLogs, WhatHappensToOldVersionsIsNoMatter) {
  std::string text = log_text("s3-access-violated.log");
  std::string expiry = text.substr(text.rfind("79a59df", text.size() - 100));
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"REST.DELETE.OBJECT", "S3.EXPIRE.OBJECT"},
           {".tflock", ""},
           {"10:03:56", "10:03:20"},
           {"Terraform/1.11.4\" -", "Terraform/1.11.4\" 3HL4kqtJlcpXroDTDmJ"},
           {" 3E57427F3EXMP", " 3E57427F3EXMQ"}}) {
    const std::size_t at = expiry.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    expiry.replace(at, from.size(), to);
  }
  const auto judgement = judged_texts({text + expiry});
  ASSERT_TRUE(judgement);
  EXPECT_NE(finding(*judgement, Anomaly::lost_update), nullptr) << expiry;
}

TEST(CloudLogs, RealRunsOfTerraform) {
  const auto judgement =
      judged_texts({log_text("tf-log-s3-violated-1.log"), log_text("tf-log-s3-violated-2.log")});
  ASSERT_TRUE(judgement);
  const Finding* lost = finding(*judgement, Anomaly::lost_update);
  ASSERT_NE(lost, nullptr);
  EXPECT_EQ(judgement->history.entry(lost->lines.back())->file, 1U);
}

TEST(CloudLogs, SaysWhereABrokenOneIsBroken) {
  struct Broken {
    std::string file;
    std::uint32_t line, column;
    std::string expected;
  };
  const std::vector<Broken> all{{"s3-access-malformed.log", 2, 73, "expected a time such as [02/Nov/2026"},
                                {"s3-access-cut.log", 2, 214, "the line is cut short"},
                                {"cloudtrail-malformed.json", 58, 4, "not JSON"},
                                {"azure-storage-malformed.log", 2, 5, "expected a time such as 2026-11-02T"},
                                {"gcs-audit-malformed.jsonl", 2, 1, "expected \"timestamp\""},
                                {"gitlab-malformed.jsonl", 3, 1, "the file is cut short"}};
  for (const Broken& broken : all) {
    const auto result = judged_texts({log_text(broken.file)});
    ASSERT_FALSE(result) << broken.file;
    EXPECT_EQ(result.error().line, broken.line) << broken.file;
    EXPECT_EQ(result.error().column, broken.column) << broken.file;
    EXPECT_NE(result.error().message.find(broken.expected), std::string::npos) << result.error().message;
  }
}

TEST(CloudLogs, AnyBeginningOfALogIsReadOrRefused) {
  for (const std::string file :
       {"s3-access-violated.log", "cloudtrail-held.json", "azure-storage-violated.log",
        "gcs-audit-held.jsonl", "gitlab-held.jsonl", "tf-log-s3-held.log"}) {
    const std::string text = log_text(file);
    const auto format = logs::recognise_log(text);
    ASSERT_TRUE(format);
    for (std::size_t size = 0; size < text.size(); size += 37) {
      logs::LogReading reading;
      const auto read = read_log(std::string_view(text).substr(0, size), *format, 0, reading);
      if (read) {
        (void)judge_log(*format, std::move(reading), {});
      } else {
        EXPECT_GT(read.error().line, 0U) << file << ' ' << size;
      }
    }
  }
}

TEST(CloudLogs, ALineMayBeSoLongAndNoLonger) {
  logs::LogReading reading;
  const std::string line = log_text("s3-access-held.log") + std::string(logs::kLongestRecordBytes + 1, 'x');
  const auto read = read_log(line, LogFormat::s3_access_log, 0, reading);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().line, 14U);
  EXPECT_NE(read.error().message.find("at most 1024 KiB"), std::string::npos) << read.error().message;
}

}  // namespace
}  // namespace lockstorm::checkers
