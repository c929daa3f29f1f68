// What is judged while it is read has the verdicts and figures of the whole history; everything else is left
// to that.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <random>
#include <string>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "checkers/locks/lock_stream.hpp"
#include "test_paths.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::checkers {
namespace {

std::string to_text(const std::optional<LockInterval>& interval) {
  if (!interval) return "-";
  return fmt::format("process {} lines {}-{} {} events {}", interval->process, interval->first_line,
                     interval->last_line, interval->events,
                     interval->duration ? interval->duration->count() : -1);
}

std::string to_text(const std::vector<KeyVerdict>& verdicts) {
  std::string text;
  for (const KeyVerdict& verdict : verdicts) {
    text += fmt::format("{} {} {} {}\n", to_text(verdict.key), name_of(verdict.judgement), verdict.operations,
                        verdict.why_unknown);
    if (!verdict.lock) continue;
    const LockReport& report = *verdict.lock;
    text += fmt::format("  {} grants, waited {}, overtaken {} {}, {} findings\n", report.grants,
                        to_text(report.longest_wait), report.most_overtakes, to_text(report.most_overtaken),
                        report.findings.size());
  }
  return text;
}

// Cut where lines end, about every so many bytes.
bool add_in_pieces(LockStream& locks, std::string_view text, std::size_t bytes) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n', bytes), text.size() - 1) + 1;
    if (!locks.add(text.substr(0, end))) return false;
    text.remove_prefix(end);
  }
  return true;
}

// Whether it was judged while it was read.
bool expect_the_same(const std::string& text, std::size_t bytes = std::size_t{1} << 20U) {
  LockStream locks;
  if (!add_in_pieces(locks, text, bytes) || locks.end().locks.empty()) return false;
  const auto history = read_history(text, Format::json_lines);
  if (!history || recognise_model(*history) != Model::lock) {
    ADD_FAILURE() << "no history of locks: " << text;
    return true;
  }
  const auto verdicts = judge(*history, Model::lock, {});
  EXPECT_EQ(to_text(judged(locks.end())), verdicts ? to_text(*verdicts) : verdicts.error().message) << text;
  return true;
}

// `mixed` is of other things as well.
TEST(LockStream, SaysWhatTheWholeHistorySays) {
  std::size_t straight = 0;
  for (const auto& file : std::filesystem::directory_iterator(LOCKSTORM_TEST_DATA "/histories"))
    if (file.path().extension() == ".jsonl") straight += expect_the_same(file_text(file.path()));
  EXPECT_EQ(straight, 1U);
}

TEST(LockStream, FieldsMayStandInAnyOrder) {
  const std::string text = R"({"process":1,"type":"invoke","f":"lock","key":"a"}
{"value":{"token":3,"lease_ns":50,"id":"x"},"f":"lock","key":"a","type":"ok","process":1,"time_ns":9}

{"f":"acquire","type":"invoke","process":2,"key":"a","index":3,"error":"x"})"
                           "\r\n"
                           R"({"process":2,"type":"fail","f":"acquire","key":"a","value":{"id":"x"}})";
  for (const std::size_t bytes : {1U, 90U, 1'000U}) EXPECT_TRUE(expect_the_same(text, bytes));
}

TEST(LockStream, WhatIsUnusualIsLeftToTheWholeHistory) {
  const std::string asked = R"({"process":0,"type":"invoke","f":"acquire"})";
  EXPECT_TRUE(expect_the_same(asked));
  EXPECT_TRUE(expect_the_same(asked + "\n" + R"({"process":0,"type":"fail","f":"acquire"})"));
  const std::string granted = R"({"process":0,"type":"ok","f":"acquire"})";
  const std::vector<std::string> unusual{
      "",
      "\n \n",
      asked + "\n" + asked,
      asked + asked,
      granted,
      asked + "\n" + granted + "\n" + granted,
      asked + "\n" + R"({"process":0,"type":"ok","f":"lock"})",
      asked + "\n" + R"({"process":0,"type":"ok","f":"acquire","key":"a"})",
      asked + "\n" + R"({"process":0,"type":"ok","f":"acquire",)" + "\n" + R"("value":1})",
      asked + "\n" + R"({"process":0,"type":"ok","f":"acquire"}x)",
      asked + "\n[1]",
      asked + "\n{\"process\":0,",
      R"({"process":0,"type":"invoke","f":"read"})",
      R"({"process":0,"type":"unknown","f":"crash"})",
      R"({"process":0,"type":"invoke","f":"evict"})",
      R"({"process":0,"type":"invoke","f":"release"})",
      R"({"process":0,"type":"invoke","f":"acquire","key":5})",
      asked + "\n" + R"({"process":0,"type":"fail","f":"acquire","value":{"id":"somebody's"}})",
      R"({"process":0,"type":"invoke","f":"acquire","value":"x"})",
      R"({"process":0,"type":"invoke","f":"acquire","value":{"id":null}})",
      R"({"process":0,"type":"invoke","f":"acquire","value":{"id":1,"id":1}})",
      R"({"process":0,"type":"invoke","f":"acquire","value":{"lease_ns":-1}})",
      R"({"process":0,"type":"invoke","f":"acquire","value":1.5})",
      R"({"process":0,"type":"invoke","f":"acqu\u0069re"})",
      R"({"process":-1,"type":"invoke","f":"acquire"})",
      R"({"process":0,"process":0,"type":"invoke","f":"acquire"})",
      R"({"type":"invoke","f":"acquire"})",
      "{\"process\":0,\"type\":\"invoke\",\"f\":\"acquire\",\"time_ns\":2}\n"
      "{\"process\":0,\"type\":\"ok\",\"f\":\"acquire\",\"time_ns\":1}"};
  for (const std::string& text : unusual) EXPECT_FALSE(expect_the_same(text)) << text;
}

// More than the parser takes at a time, with a line that is longer than that.
TEST(LockStream, LongTextsAreReadInParts) {
  std::string text;
  for (int grant = 0; grant < 3'000; ++grant) {
    const std::string id = grant == 1'700 ? std::string(300'000, 'x') : fmt::format("id-{}", grant);
    for (const std::string_view f : {"acquire", "release"})
      for (const std::string_view type : {"invoke", "ok"})
        text += fmt::format(R"({{"process":{},"type":"{}","f":"{}","key":"k{}","value":{{"id":"{}"}}}})",
                            grant % 5, type, f, grant % 3, id) +
                "\n";
  }
  EXPECT_TRUE(expect_the_same(text));
  EXPECT_TRUE(expect_the_same(text, 10'000));
  EXPECT_FALSE(expect_the_same(text + "{"));
  text.insert(text.rfind("{\"process\"") - 1, " {}");
  EXPECT_FALSE(expect_the_same(text));
}

// Of a lock that does what it should, with answers that get lost, and mistakes that are made now and then.
std::string random_history(std::mt19937& random, int mistakes) {
  const auto one_of = [&](std::uint32_t of) { return random() % of; };
  std::array<int, 4> waits{};  // per process: 0 nothing, 1 acquire, 2 release, 3 holds
  std::optional<std::uint32_t> holder;
  std::string text;
  std::uint64_t time = 0, grants = 0;
  for (int i = 0; i < 30; ++i) {
    const std::uint32_t process = one_of(4);
    const std::string id = fmt::format("p{}-{}", process, one_of(20) == 0 ? 1 : grants);
    const auto event = [&](std::string_view type, std::string_view f, const std::string& value) {
      text += fmt::format(R"({{"process":{},"type":"{}","f":"{}","value":{},"time_ns":{}}})", process, type,
                          f, value, time += one_of(9)) +
              "\n";
    };
    const bool is_mistaken = mistakes > 0 && one_of(30) < static_cast<std::uint32_t>(mistakes);
    switch (waits[process]) {
      case 0:
        event("invoke", "acquire", "null");
        waits[process] = 1;
        break;
      case 1:
        if (!holder || is_mistaken) {
          ++grants;
          event("ok", "acquire",
                one_of(3) == 0 ? fmt::format(R"({{"token":{}}})", is_mistaken ? 0 : grants)
                               : fmt::format(R"({{"token":{},"lease_ns":{}}})", grants, one_of(60)));
          holder = process;
          waits[process] = 3;
        } else {
          event(one_of(4) == 0 ? "unknown" : "fail", "acquire",
                is_mistaken ? "{\"id\":\"" + id + "\"}" : "null");
          waits[process] = 0;
        }
        break;
      case 2:
        event(is_mistaken ? "fail" : "ok", "release", "null");
        waits[process] = 0;
        break;
      default:
        event("invoke", "release", "null");
        if (holder == process) holder.reset();
        waits[process] = 2;
    }
  }
  return text;
}

TEST(LockStream, SaysOfRandomHistoriesWhatTheSearchSays) {
  std::mt19937 random;  // NOLINT(cert-msc32-c,cert-msc51-cpp)
  std::size_t sound = 0, others = 0;
  for (int i = 0; i < 3'000; ++i) {
    sound += expect_the_same(random_history(random, 0));
    others += expect_the_same(random_history(random, 2));
    if (HasFailure()) return;
  }
  EXPECT_EQ(sound, 3'000U);
  EXPECT_GT(others, 300U);
  EXPECT_LT(others, 2'700U);
}

// Single bytes changed, left out and doubled, the same every time.
TEST(LockStream, MutationsAreReadAlike) {
  std::mt19937 random;  // NOLINT(cert-msc32-c,cert-msc51-cpp)
  const std::string bytes = "{}[]\",:\\u0019-.eE tfn\n\x01\xc3";
  std::size_t straight = 0;
  for (const std::string name : {"lock.jsonl", "lock-two-holders.jsonl", "evict-failed.jsonl"}) {
    const std::string text = file_text(LOCKSTORM_TEST_DATA "/histories/" + name);
    for (int i = 0; i < 1'000; ++i) {
      std::string mutant = text;
      const std::size_t at = random() % mutant.size();
      if (i % 3 == 0) {
        mutant[at] = bytes[random() % bytes.size()];
      } else if (i % 3 == 1) {
        mutant.erase(at, 1 + random() % 3);
      } else {
        mutant.insert(at, 1, bytes[random() % bytes.size()]);
      }
      straight += expect_the_same(mutant);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(straight, 20U);
}

}  // namespace
}  // namespace lockstorm::checkers
