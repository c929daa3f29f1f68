// The readers and writers of histories: what is written reads back, and bad input says where and what was
// expected.
#include "checkers/formats/format.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

namespace lockstorm::checkers {
namespace {

constexpr std::string_view kLog =
    "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\t3\n";
constexpr std::string_view kEdn =
    "{:process 0, :type :invoke, :f :read, :value nil}\n{:process 0, :type :ok, :f :read, :value 3}\n";
constexpr std::string_view kJson =
    "{\"process\":0,\"type\":\"invoke\",\"f\":\"read\",\"value\":null}\n{\"process\":0,\"type\":\"ok\",\"f\":"
    "\"read\",\"value\":3}\n";

std::string reading_error_of(std::string_view text) {
  const auto read = read_history(text);
  return read ? "no error" : to_text(read.error(), "h");
}

std::string pairing_error_of(std::string_view text) {
  const auto read = read_history(text);
  if (!read) return "cannot be read";
  const auto calls = calls_of(*read);
  return calls ? "no error" : to_text(calls.error(), "h");
}

TEST(Formats, TheSameHistoryInEachFormat) {
  const auto log = read_history(kLog), edn = read_history(kEdn), json = read_history(kJson);
  ASSERT_TRUE(log && edn && json);
  EXPECT_EQ(*log, *edn);
  EXPECT_EQ(*log, *json);
  EXPECT_EQ((*log)[1], (Event{.type = EventType::ok, .function = "read", .value = 3}));
  EXPECT_EQ((*json)[1].line, 2U);
  EXPECT_EQ(write_history(*log, Format::jepsen_log), kLog);
  EXPECT_EQ(write_history(*log, Format::jepsen_edn), kEdn);
  EXPECT_EQ(write_history(*log, Format::json_lines), kJson);
}

TEST(Formats, WhatJepsenWritesToday) {
  const auto edn = read_history(
      "; a comment\n[#jepsen.history.Op{:index 0, :time 12, :type :invoke, :process 4, :f :txn, :value "
      "[[:append 9 1] [:r 9 nil]]}\n"
      " {:type :info, :process :nemesis, :f :kill, :value #{\"n1\"}} {:index 1 :time 15 :type :ok, :process "
      "4, :f :txn, :value [[:append 9 1] [:r 9 (1)]] :latency 0.5}]");
  ASSERT_TRUE(edn) << edn.error().message;
  ASSERT_EQ(edn->size(), 2U);
  EXPECT_EQ(to_text((*edn)[1].value), R"([["append" 9 1] ["r" 9 [1]]])");
  EXPECT_EQ((*edn)[1].time, std::chrono::nanoseconds(15));
  const auto log = read_history(
      "2024-01-01 10:00:00,123{GMT}\tINFO\t[jepsen worker 1] jepsen.util: 7\t:info\t:write\t:timed-out\n"
      "2024-01-01 10:00:00,124{GMT}\tINFO\t[main] jepsen.core: tearing down\n"
      "2024-01-01 10:00:00,125{GMT}\tINFO\t[jepsen nemesis] jepsen.util: :nemesis\t:info\t:start\tnil\n");
  ASSERT_TRUE(log) << log.error().message;
  ASSERT_EQ(log->size(), 1U);
  EXPECT_EQ((*log)[0].type, EventType::unknown);
  EXPECT_EQ((*log)[0].process, 7U);
}

TEST(Formats, LogsWithExpandedTabs) {
  const auto log = read_history(
      "INFO  jepsen.util - 0   :invoke :cas    [1 2]\nINFO  jepsen.util - 0   :ok     :cas    [1 2]\n");
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ(to_text((*log)[1].value), "[1 2]");
}

TEST(Formats, TruncatedFiles) {
  EXPECT_EQ(reading_error_of("INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:o"),
            "h:2:23: the file is cut short: expected :invoke, :ok, :fail or :info: PROCESS <tab> :TYPE <tab> "
            ":F <tab> VALUE");
  EXPECT_EQ(reading_error_of("INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jep"),
            "h:2:1: the file is cut short: expected a line of a Jepsen log, \"INFO  jepsen.util - ...\"");
  EXPECT_EQ(reading_error_of("{:process 0, :type :invoke, :f :read, :val"),
            "h:1:43: the file ends here, cut short: expected a value");
  EXPECT_EQ(reading_error_of("[{:process 0, :type :invoke, :f :read}\n"),
            "h:2:1: the file ends here, cut short: expected an operation or ]");
  EXPECT_EQ(reading_error_of("{\"process\":0,\"type\":\"inv"),
            "h:1:25: the line is cut short: expected a JSON object, {\"process\": 0, \"type\": \"invoke\", "
            "\"f\": ...}");
  EXPECT_EQ(reading_error_of("\n\n"),
            "h:1:1: expected a history: JSON Lines ({\"process\": ...), Jepsen EDN ({:process ...) or a "
            "Jepsen log (INFO  jepsen.util - ...)");
  EXPECT_EQ(reading_error_of("INFO  jepsen.core - done\n"),
            "h:1:1: the file has no event: expected an invocation");
}

TEST(Formats, MixedFormatsAndOtherBytes) {
  EXPECT_EQ(reading_error_of(std::string(kJson) + std::string(kEdn)),
            "h:3:1: this line is Jepsen EDN in a file of JSON Lines: expected one format");
  EXPECT_EQ(reading_error_of(std::string(kEdn) + std::string(kLog)),
            "h:3:1: this line is Jepsen log in a file of Jepsen EDN: expected one format");
  EXPECT_EQ(reading_error_of(std::string(kLog) + std::string(kJson)),
            "h:3:1: this line is JSON Lines in a file of Jepsen log: expected one format");
  EXPECT_EQ(reading_error_of(std::string(kLog) + "INFO \xC3("),
            "h:3:6: byte 0xc3 is not UTF-8: expected text in UTF-8");
  EXPECT_EQ(reading_error_of(std::string(kJson) + "{\"process\":0,\"type\":\"begin\",\"f\":\"read\"}"),
            "h:3:1: expected \"type\", one of \"invoke\", \"ok\", \"fail\", \"unknown\"");
  EXPECT_EQ(reading_error_of("{:process " + std::string(100000, '[')),
            "h:1:75: expected a value that is not nested as deeply");
}

std::string json_with(std::string_view value) {
  return R"({"process":0,"type":"invoke","f":"write","value":)" + std::string(value) + "}";
}

TEST(Formats, NumbersDepthsAndNames) {
  EXPECT_EQ(reading_error_of(json_with("1e400")),
            "h:1:1: expected whole numbers of 64 bits, not one that is out of all range");
  EXPECT_EQ(reading_error_of(json_with("-1e400")),
            "h:1:1: expected whole numbers of 64 bits, not one that is out of all range");
  EXPECT_EQ(reading_error_of(json_with("1.5")), "h:1:1: expected whole numbers of 64 bits, not 1.5");
  EXPECT_EQ(reading_error_of(json_with("18446744073709551615")),
            "h:1:1: expected whole numbers of 64 bits, not 18446744073709551615");
  EXPECT_EQ(reading_error_of(json_with("-9223372036854775808")), "no error");
  EXPECT_EQ(reading_error_of(R"({"process":0,"type":"invoke","f":"read","time_ns":18446744073709551615})"),
            "h:1:1: expected whole numbers of 64 bits, not 18446744073709551615");
  EXPECT_EQ(reading_error_of(R"({"process":4294967296,"type":"invoke","f":"read"})"),
            "h:1:1: expected \"process\", a number from 0");
  // Nobody looks at these.
  EXPECT_EQ(
      reading_error_of(R"({"process":0,"type":"invoke","f":"read","index":1.5,"error":{"took":[0.5]}})"),
      "no error");

  EXPECT_EQ(reading_error_of(json_with(std::string(64, '[') + std::string(64, ']'))), "no error");
  EXPECT_EQ(reading_error_of(json_with(std::string(65, '[') + std::string(65, ']'))),
            "h:1:1: expected a value that is not nested as deeply");
  EXPECT_EQ(reading_error_of(json_with(std::string(1'000'000, '['))),
            "h:1:1: expected a value that is not nested as deeply");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += R"({"a":)";
  EXPECT_EQ(reading_error_of(json_with(objects)), "h:1:1: expected a value that is not nested as deeply");

  EXPECT_EQ(reading_error_of(R"({"process":0,"type":"invoke","f":"read","f":"write"})"),
            "h:1:1: expected each name once in an object, \"f\" is there twice");
  EXPECT_EQ(reading_error_of(json_with(R"({"serial":1,"serial":2})")),
            "h:1:1: expected each name once in an object, \"serial\" is there twice");
  EXPECT_EQ(reading_error_of("{:process 0 :type :invoke :f :read :f :write}"),
            "h:1:46: expected each key once in a map, f is there twice");

  EXPECT_EQ(reading_error_of("{:process 1e400 :type :invoke :f :read}"),
            "h:1:1: expected :process to be a number, not \"1e400\"");
  EXPECT_EQ(reading_error_of("{:process 0 :type :invoke :f :read :time 1e400}"),
            "h:1:1: expected :time to be a whole number of 64 bits, not \"1e400\"");
  EXPECT_EQ(reading_error_of("INFO  jepsen.util - 99999999999\t:invoke\t:read\tnil\n"),
            "h:1:21: expected a process number: PROCESS <tab> :TYPE <tab> :F <tab> VALUE");
}

TEST(Formats, DiscardedFormsAreBlanks) {
  const auto value_of = [](std::string_view value) {
    const auto read = read_history("{:process 0 :type :invoke :f :write :value " + std::string(value) + "}");
    return read ? to_text(read->front().value) : read.error().message;
  };
  EXPECT_EQ(value_of("[1 #_2 3]"), "[1 3]");
  EXPECT_EQ(value_of("[1 #_ #_ 2 3 4 #_[5 {:a 6}]]"), "[1 4]");
  EXPECT_EQ(value_of("#_ 1 2"), "2");
  EXPECT_EQ(value_of("{:a #_ 1 2 #_#_ :b 3}"), "{a 2}");
  EXPECT_EQ(value_of("[#_ #tag 1 #a #b 2]"), "[2]");
  EXPECT_EQ(value_of("[1 #_]"), "expected a value");
  EXPECT_EQ(reading_error_of("{:process #"), "h:1:12: the file ends here, cut short: expected a value");
  std::string discards;
  for (int i = 0; i < 100'000; ++i) discards += "#_[";
  EXPECT_EQ(value_of(discards), "expected a form to discard that is not nested as deeply");

  const auto read = read_history(
      "#_ {:process 7 :type :ok :f :write :value 1}\n{:process 0 :type :invoke :f :read}\n"
      "#_ #_ {:process 8} [9]\n{:process 0 :type :ok :f :read :value 1} #_ end");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[1].line, 4U);
  EXPECT_EQ(reading_error_of(std::string(kEdn) + "#_ "),
            "h:3:4: the file ends here, cut short: expected a value");
  EXPECT_EQ(reading_error_of("[" + std::string(kEdn) + "] #_ ]"), "h:3:6: expected a value");
}

TEST(Formats, WholeNumbersOfClojure) {
  const auto read = read_history(
      "{:process 0N :type :invoke :f :write :value [1N +1 -2N 99999999999999999999N 99999999999999999999 N "
      "1.5]}");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_text(read->front().value),
            R"([1 1 -2 "99999999999999999999" "99999999999999999999" "N" "1.5"])");
}

TEST(Formats, OutOfOrderAndDuplicated) {
  EXPECT_EQ(reading_error_of(
                "{:process 0 :type :invoke :f :read :index 4}\n{:process 0 :type :ok :f :read :index 4}"),
            "h:2:1: :index 4 follows 4: expected events in their order, each once");
  EXPECT_EQ(pairing_error_of(R"({"process":0,"type":"invoke","f":"read","time_ns":5}
{"process":0,"type":"ok","f":"read","time_ns":4})"),
            "h:2:1: time 4 ns is before the previous event's 5 ns: events must be in order of time");
  EXPECT_EQ(pairing_error_of(
                "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:invoke\t:write\t1\n"),
            "h:2:1: process 0 invokes write while its read of line 1 waits: expected the response first");
  EXPECT_EQ(pairing_error_of("INFO  jepsen.util - 0\t:ok\t:read\tnil\n"),
            "h:1:1: process 0 has a response to read but invoked nothing: expected an invocation");
  EXPECT_EQ(
      pairing_error_of("INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:write\t1\n"),
      "h:2:1: process 0 has a response to write but invoked read in line 1");
}

TEST(Formats, AnInvocationWithoutResponseIsUnknown) {
  const auto history = read_history(
      "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 1\t:invoke\t:write\t1\n"
      "INFO  jepsen.util - 1\t:info\t:write\t:timed-out\n");
  ASSERT_TRUE(history);
  const auto calls = calls_of(*history);
  ASSERT_TRUE(calls);
  EXPECT_EQ(*calls, (std::vector<Call>{{0, kNever, EventType::unknown}, {1, kNever, EventType::unknown}}));
}

rc::Gen<Value> any_value(int depth) {
  auto text =
      rc::gen::map(rc::gen::container<std::string>(rc::gen::oneOf(
                       rc::gen::inRange<char>(' ', '~'), rc::gen::elementOf(std::string("\n\t\"\\")))),
                   [](std::string s) { return Value("v" + s); });
  auto number = rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t n) { return Value(n); });
  auto flag = rc::gen::map(rc::gen::arbitrary<bool>(), [](bool f) { return Value(f); });
  if (depth == 0)
    return rc::gen::oneOf(std::move(text), std::move(number), std::move(flag), rc::gen::just(Value()));
  auto list = rc::gen::map(rc::gen::container<Value::List>(any_value(depth - 1)),
                           [](Value::List items) { return Value(std::move(items)); });
  auto fields = rc::gen::map(any_value(depth - 1), [](Value item) {
    return Value(Value::Fields{{"serial", item}, {"a name", std::move(item)}});
  });
  return rc::gen::oneOf(std::move(text), std::move(number), std::move(list), std::move(fields));
}

rc::Gen<Event> any_event() {
  return rc::gen::build<Event>(
      rc::gen::set(&Event::type,
                   rc::gen::element(EventType::invoke, EventType::ok, EventType::fail, EventType::unknown)),
      rc::gen::set(&Event::process, rc::gen::inRange<std::uint32_t>(0, 1000)),
      rc::gen::set(&Event::function, rc::gen::element<std::string>("read", "write", "cas", "txn")),
      rc::gen::set(&Event::key, any_value(1)), rc::gen::set(&Event::value, any_value(2)),
      rc::gen::set(&Event::time, rc::gen::map(rc::gen::positive<std::int64_t>(), [](std::int64_t ns) {
        return std::optional(std::chrono::nanoseconds(ns));
      })));
}

void reads_back(Format format, bool keeps_key_and_time) {
  auto history = *rc::gen::nonEmpty(rc::gen::container<History>(any_event()));
  if (!keeps_key_and_time)
    for (Event& event : history) event.key = {}, event.time.reset();
  const std::string text = write_history(history, format);
  RC_ASSERT(recognise(text) == format);
  const auto read = read_history(text);
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == history);
}

RC_GTEST_PROP(Formats, JsonLinesReadBack, ()) { reads_back(Format::json_lines, true); }
RC_GTEST_PROP(Formats, JepsenEdnReadsBack, ()) { reads_back(Format::jepsen_edn, true); }
RC_GTEST_PROP(Formats, JepsenLogReadsBack, ()) { reads_back(Format::jepsen_log, false); }

// Whatever a file is cut to, the reader neither crashes nor invents events.
RC_GTEST_PROP(Formats, APrefixIsReadOrRefused, ()) {
  const auto format = *rc::gen::element(Format::json_lines, Format::jepsen_edn, Format::jepsen_log);
  const auto history = *rc::gen::nonEmpty(rc::gen::container<History>(any_event()));
  const std::string text = write_history(history, format);
  const auto read =
      read_history(std::string_view(text).substr(0, *rc::gen::inRange<std::size_t>(0, text.size())), format);
  if (read) RC_ASSERT(read->size() <= history.size());
}

}  // namespace
}  // namespace lockstorm::checkers
