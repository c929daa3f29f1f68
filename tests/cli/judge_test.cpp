// `lockstorm judge` as a user runs it: exit status, words, JSON, timeline.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/cli/run_command.hpp"

namespace lockstorm::cli {
namespace {

TEST(Judge, ExitStatusIsThatOfTheWorst) {
  EXPECT_EQ(lockstorm("judge histories/states.jsonl histories/store.edn histories/cas-register.log").status,
            0);
  EXPECT_EQ(lockstorm("judge histories/states.jsonl histories/states-lost-update.jsonl").status, 1);
  EXPECT_EQ(lockstorm("judge --max-states 50 histories/hard.log").status, 2);
  EXPECT_EQ(lockstorm("judge --max-states 50 histories/hard.log histories/states-lost-update.jsonl").status,
            1);
  EXPECT_EQ(lockstorm("judge histories/hard.log").status, 1);
}

TEST(Judge, RefusesAHistoryThatTakesMoreMemoryThanIsAllowed) {
  const TemporaryDirectory directory;
  std::string events;
  while (events.size() < 300'000) {
    events += R"({"process":0,"type":"invoke","f":"read"})"
              "\n"
              R"({"process":0,"type":"ok","f":"read","value":1})"
              "\n";
  }
  directory.write("reads.jsonl", events);
  const std::string file = directory.file("reads.jsonl");
  EXPECT_EQ(lockstorm("judge --memory 8M " + file).status, 0);
  const CommandResult refused = lockstorm("judge --memory 1M " + file + " 2>&1");
  EXPECT_EQ(refused.status, 65);
  EXPECT_NE(refused.out.find("allow more with --memory"), std::string::npos) << refused.out;
  EXPECT_NE(refused.out.find("of at most 102 KiB"), std::string::npos) << refused.out;
}

// What comes after the command has begun violates it; a line is written in two parts.
TEST(Judge, FollowsAHistoryThatIsWritten) {
  for (const std::string history : {"lock-two-holders.jsonl", "states-lost-update.jsonl"}) {
    const TemporaryDirectory directory;
    const std::string from = "histories/" + history;
    const std::string file = directory.file("history.jsonl");
    const CommandResult followed = shell(
        "head -c 120 " + from + " > " + file + "; (sleep 0.4; tail -c +121 " + from + " | head -c 300 >> " +
        file + "; sleep 0.4; tail -c +421 " + from + " >> " + file + ") > /dev/null & NO_COLOR= timeout 15 " +
        LOCKSTORM_BINARY + " judge --follow " + file + "; status=$?; wait; exit $status");
    EXPECT_EQ(followed.status, 1) << followed.out;
    // It need not have waited for the last lines.
    const auto said = [](const std::string& out) { return out.substr(out.find('\n')); };
    EXPECT_EQ(said(followed.out), said(lockstorm("judge " + from, false).out));
  }
}

TEST(Judge, FollowsNothingThatIsWrongOrGoesAway) {
  const TemporaryDirectory directory;
  directory.write("wrong.jsonl", R"({"process":0,"type":"invoke","f":"read"})"
                                 "\n[1]\n");
  const std::string wrong = directory.file("wrong.jsonl");
  const CommandResult told = lockstorm("judge --follow " + wrong);
  EXPECT_EQ(told.status, 65);
  EXPECT_NE(told.out.find("wrong.jsonl:2:1: "), std::string::npos) << told.out;
  const std::string file = directory.file("history.jsonl");
  const CommandResult shorter =
      shell("cp histories/lock.jsonl " + file + "; (sleep 0.5; : > " + file + ") & timeout 15 " +
            LOCKSTORM_BINARY + " judge --follow " + file + " 2>&1");
  EXPECT_EQ(shorter.status, 65) << shorter.out;
  EXPECT_NE(shorter.out.find("became shorter while it was read"), std::string::npos) << shorter.out;
  EXPECT_EQ(lockstorm("judge --follow " + file + " " + file).status, 65);
}

TEST(Judge, SaysWhatIsWrongInWords) {
  const CommandResult lost = lockstorm("judge histories/states-lost-update.jsonl");
  EXPECT_NE(lost.out.find("histories/states-lost-update.jsonl: violated (states, JSON Lines, 5 operations)"),
            std::string::npos)
      << lost.out;
  EXPECT_NE(lost.out.find("lost-update: "), std::string::npos) << lost.out;
  const CommandResult unknown = lockstorm("judge --max-states 50 histories/hard.log");
  EXPECT_NE(unknown.out.find("Could not be decided: the budget of 50 configurations is used up."),
            std::string::npos)
      << unknown.out;
  const CommandResult held = lockstorm("judge histories/lock.jsonl");
  EXPECT_NE(held.out.find("2 grants. The longest wait was process 1's"), std::string::npos) << held.out;
}

TEST(Judge, AModelCanBeChosen) {
  EXPECT_EQ(lockstorm("judge --model fencing-lock histories/lock.jsonl").status, 0);
  EXPECT_EQ(lockstorm("judge --model fencing-lock histories/lock-old-token.edn").status, 1);
  EXPECT_EQ(lockstorm("judge --model lock histories/store.edn").status, 65);
}

TEST(Judge, BadInput) {
  const CommandResult mixed = lockstorm("judge histories/mixed.jsonl");
  EXPECT_EQ(mixed.status, 65);
  EXPECT_NE(mixed.out.find("histories/mixed.jsonl:2:1: error: this line is Jepsen EDN in a file of JSON "
                           "Lines: expected one format"),
            std::string::npos)
      << mixed.out;
  const CommandResult response = lockstorm("judge histories/no-invocation.edn");
  EXPECT_EQ(response.status, 65);
  EXPECT_NE(
      response.out.find(
          "histories/no-invocation.edn:3:1: error: process 1 has a response to read but invoked nothing"),
      std::string::npos)
      << response.out;
  EXPECT_EQ(lockstorm("judge histories/absent.jsonl").status, 65);
  const CommandResult directory = lockstorm("judge histories");
  EXPECT_EQ(directory.status, 65);
  EXPECT_NE(directory.out.find("histories: error: is a directory"), std::string::npos) << directory.out;
  EXPECT_EQ(lockstorm("judge /dev/null").status, 65);
  const CommandResult model = lockstorm("judge --model mutx histories/lock.jsonl");
  EXPECT_EQ(model.status, 64);
  EXPECT_NE(model.out.find("did you mean 'mutex'?"), std::string::npos) << model.out;
  EXPECT_EQ(lockstorm("judge").status, 64);
}

TEST(Judge, WhatWasThereBeforeCanBeSaid) {
  const std::string file = " histories/state-existed-before.jsonl";
  EXPECT_EQ(lockstorm("judge" + file).status, 0);
  EXPECT_EQ(lockstorm("judge --initial unknown" + file).status, 0);
  EXPECT_EQ(lockstorm("judge --initial absent" + file).status, 1);
  EXPECT_EQ(lockstorm(R"(judge --initial '{"state": {"writer": 7, "serial": 4}}')" + file).status, 0);
  EXPECT_EQ(lockstorm(R"(judge --initial '{"state": {"writer": 7, "serial": 3}}')" + file).status, 1);
  const TemporaryDirectory directory;
  directory.write("initial.json", "{\"state\": {\"writer\": 7, \"serial\": 4}, \"lock\": null}\n");
  EXPECT_EQ(lockstorm("judge --initial " + directory.file("initial.json") + file).status, 0);
  const CommandResult wrong = lockstorm(R"(judge --initial '{"stat": 1}')" + file);
  EXPECT_EQ(wrong.status, 65);
  EXPECT_NE(wrong.out.find("--initial: error: expected \"state\" or \"lock\", not \"stat\""),
            std::string::npos)
      << wrong.out;
  EXPECT_EQ(lockstorm("judge --initial /nowhere/initial.json" + file).status, 65);
}

TEST(Judge, ALockWithItsState) {
  const TemporaryDirectory directory;
  const std::string held = R"({"process":0,"type":"invoke","f":"acquire"}
{"process":0,"type":"ok","f":"acquire","value":{"id":"a"}}
)";
  const std::string write = R"("f":"write","value":{"writer":1,"serial":1,"base":null}})";
  directory.write("others.jsonl", held + R"({"process":1,"type":"invoke",)" + write + "\n" +
                                      R"({"process":1,"type":"ok",)" + write + "\n");
  const CommandResult others = lockstorm("judge " + directory.file("others.jsonl"));
  EXPECT_EQ(others.status, 1);
  EXPECT_NE(others.out.find("violated (lock-and-state, JSON Lines, 2 operations"), std::string::npos)
      << others.out;
  EXPECT_NE(others.out.find("write-under-anothers-lock: "), std::string::npos) << others.out;
  EXPECT_NE(others.out.find("  states: held\n"), std::string::npos) << others.out;
  const auto json =
      nlohmann::json::parse(lockstorm("judge --json - " + directory.file("others.jsonl"), false).out);
  EXPECT_EQ(json.at("keys").at(0).at("model"), "lock");
  EXPECT_EQ(json.at("keys").at(1).at("model"), "lock-and-state");
  EXPECT_EQ(json.at("keys").at(2).at("verdict"), "held");
}

TEST(Judge, NothingCompleted) {
  const TemporaryDirectory directory;
  directory.write("cut.jsonl", R"({"process":0,"type":"invoke","f":"acquire"})");
  const CommandResult cut = lockstorm("judge " + directory.file("cut.jsonl"));
  EXPECT_EQ(cut.status, 2);
  EXPECT_NE(cut.out.find("Could not be decided: no operation completed"), std::string::npos) << cut.out;
}

TEST(Judge, NothingSucceeded) {
  const TemporaryDirectory directory;
  directory.write("refused.jsonl", R"({"process":0,"type":"invoke","f":"acquire"}
{"process":0,"type":"fail","f":"acquire"}
)");
  const CommandResult refused = lockstorm("judge " + directory.file("refused.jsonl"));
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.out.find("Could not be decided: no operation succeeded"), std::string::npos)
      << refused.out;
}

TEST(Judge, TimesMayLieAsFarApartAsTheyCan) {
  const TemporaryDirectory directory;
  directory.write("far.jsonl", R"({"process":0,"type":"invoke","f":"acquire","time_ns":-9223372036854775807}
{"process":0,"type":"ok","f":"acquire","time_ns":9223372036854775807}
{"process":0,"type":"invoke","f":"release","time_ns":9223372036854775807}
{"process":0,"type":"ok","f":"release","time_ns":9223372036854775807}
)");
  const CommandResult far = lockstorm("judge " + directory.file("far.jsonl"));
  EXPECT_EQ(far.status, 0) << far.out;
  EXPECT_EQ(far.out.find(" -"), std::string::npos) << far.out;
}

TEST(Judge, Json) {
  const auto json =
      nlohmann::json::parse(lockstorm("judge --json - histories/lock-two-holders.jsonl", false).out);
  EXPECT_EQ(json.at("verdict"), "violated");
  EXPECT_EQ(json.at("model"), "lock");
  const auto& key = json.at("keys").at(0);
  EXPECT_EQ(key.at("key"), "\"prod\"");
  EXPECT_EQ(key.at("findings").at(0).at("anomaly"), "overlapping-holders");
  EXPECT_EQ(key.at("findings").at(0).at("lines"), nlohmann::json({3, 4}));
  EXPECT_EQ(key.at("lock").at("grants"), 2);
  EXPECT_EQ(
      nlohmann::json::parse(lockstorm("judge --json - histories/lock.jsonl histories/store.edn", false).out)
          .at("results")
          .size(),
      2U);
}

TEST(Judge, ThePageNeedsNothingElse) {
  const TemporaryDirectory directory;
  const std::string page = directory.file("history.html");
  EXPECT_EQ(lockstorm("judge histories/store-two-orders.edn --html " + page).status, 1);
  const std::string html = file_text(page);
  EXPECT_TRUE(html.starts_with("<!doctype html>"));
  EXPECT_NE(html.find(R"("judged":[{"file":"histories/store-two-orders.edn","verdict":"violated")"),
            std::string::npos);
  for (const std::string_view other : {"https://", "src=\"", "@import", "url(", "fetch(", "XMLHttpRequest"})
    EXPECT_EQ(html.find(other), std::string::npos) << other;
  lockstorm("judge histories/store-two-orders.edn --html " + page);
  EXPECT_EQ(file_text(page), html);
}

TEST(Judge, LogsOfClouds) {
  const CommandResult held = lockstorm("judge logs/s3-access-held.log");
  EXPECT_EQ(held.status, 0) << held.out;
  EXPECT_NE(held.out.find("Taken for granted:"), std::string::npos) << held.out;
  const CommandResult lost = lockstorm("judge --from s3-access-log logs/s3-access-violated.log");
  EXPECT_EQ(lost.status, 1);
  EXPECT_NE(lost.out.find("lost-update: "), std::string::npos) << lost.out;
  EXPECT_NE(
      lost.out.find("logs/s3-access-violated.log:9: 2026-11-02 10:03:10 UTC, "
                    "arn:aws:sts::123456789012:assumed-role/ci/run-41 from 192.0.2.17: REST.PUT.OBJECT"),
      std::string::npos)
      << lost.out;
  EXPECT_EQ(lockstorm("judge logs/s3-access-same-second.log").status, 2);
  EXPECT_EQ(lockstorm("judge logs/gitlab-malformed.jsonl").status, 65);
  const auto json =
      nlohmann::json::parse(lockstorm("judge --json - logs/cloudtrail-violated.jsonl", false).out);
  EXPECT_EQ(json.at("format"), "cloudtrail");
  EXPECT_EQ(json.at("verdict"), "violated");
  EXPECT_EQ(json.at("states").at(0).at("parts").at(0).at("findings").at(0).at("entries").at(1).at("line"), 3);
  EXPECT_EQ(lockstorm("judge --from cloudtrial logs/cloudtrail-held.json").status, 64);
  EXPECT_EQ(lockstorm("judge --from gcs-audit-log logs/cloudtrail-held.json").status, 65);
  EXPECT_EQ(lockstorm("judge --model lock logs/cloudtrail-held.json").status, 65);
  EXPECT_EQ(lockstorm("judge logs/cloudtrail-held.json logs/gitlab-held.jsonl").status, 65);
}

// Keys, signatures, request ids, queries of URLs: of an entry only file, line, time, client and request are
// told.
TEST(Judge, LogsGiveAwayNoSecrets) {
  for (const std::string file :
       {"s3-access-violated.log", "cloudtrail-violated.jsonl", "azure-storage-violated.log",
        "gcs-audit-violated.jsonl", "gitlab-violated.jsonl", "tf-log-s3-violated-1.log"}) {
    const std::string out =
        lockstorm("judge --json - logs/" + file, false).out + lockstorm("judge logs/" + file).out;
    for (const std::string_view secret : {"ASIAEXAMPLE", "x-id=", "?comp", "s9lzHYrFp76", "Credential",
                                          "token_id", "HashiCorp", "SigV4", "AWS4-HMAC"})
      EXPECT_EQ(out.find(secret), std::string::npos) << file << ": " << secret;
  }
}

}  // namespace
}  // namespace lockstorm::cli
