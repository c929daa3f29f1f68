// Histories that begin with something, evictions, completions that say little, serials, locks together with
// their states: what must be rejected, each with a twin that must not.
#include <gtest/gtest.h>

#include <sstream>

#include "checkers/formats/format.hpp"
#include "checkers/judge.hpp"
#include "test_paths.hpp"
#include "tests/checkers/naive_locks.hpp"
#include "tests/checkers/naive_states.hpp"
#include "tests/file_text.hpp"

namespace lockstorm::checkers {
namespace {

// "PROCESS TYPE FUNCTION VALUE" in EDN, an event a line; a type "op" is an invocation and its
// acknowledgement; a key may stand before the value as "@KEY". The lines are those of the shorthand's events.
History events(const std::string& shorthand) {
  std::istringstream lines(shorthand);
  std::string line, edn;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string process, type, function, rest, key;
    if (!(words >> process >> type >> function)) continue;
    std::getline(words >> std::ws, rest);
    if (rest.starts_with('@')) {
      const auto end = rest.find(' ');
      key = " :key " + rest.substr(1, end - 1);
      rest = end == std::string::npos ? "" : rest.substr(end);
    }
    for (const std::string& of : type == "op" ? std::vector<std::string>{"invoke", "ok"} : std::vector{type})
      edn += "{:process " + process + " :type :" + of + " :f :" + function + key + " :value " +
             (rest.empty() ? "nil" : rest) + "}\n";
  }
  auto history = read_history(edn);
  if (!history) throw std::runtime_error(to_text(history.error(), edn));
  return *std::move(history);
}

std::vector<KeyVerdict> verdicts_of(const History& history, const Initial& initial = {}) {
  const auto model = recognise_model(history);
  if (!model) throw std::runtime_error(to_text(model.error(), "history"));
  auto verdicts = judge(history, *model, {}, initial);
  if (!verdicts) throw std::runtime_error(to_text(verdicts.error(), "history"));
  return *std::move(verdicts);
}

// "held", "unknown", or the anomalies.
std::string said_of(const History& history, const Initial& initial = {}) {
  const auto verdicts = verdicts_of(history, initial);
  std::string names;
  for (const KeyVerdict& verdict : verdicts) {
    for (const Finding& finding : verdict.findings) {
      EXPECT_FALSE(finding.proof.empty());
      names += (names.empty() ? "" : " ") + std::string(info_of(finding.anomaly).name);
    }
  }
  if (worst(verdicts) == Judgement::unknown) return "unknown";
  return names.empty() ? "held" : names;
}
std::string said_of(const std::string& shorthand, std::string_view initial = "unknown") {
  const auto beginning = read_initial(initial);
  if (!beginning) throw std::runtime_error(beginning.error());
  return said_of(events(shorthand), *beginning);
}

History file(const std::string& name) {
  auto history = read_history(file_text(LOCKSTORM_TEST_DATA "/histories/" + name));
  if (!history) throw std::runtime_error(to_text(history.error(), name));
  return *std::move(history);
}

TEST(Reported, HistoriesThatWereJudgedWrongly) {
  EXPECT_EQ(said_of(file("evict-failed.jsonl")), "overlapping-holders");
  EXPECT_FALSE(is_lock(file("evict-failed.jsonl")));
  EXPECT_EQ(said_of(file("evict-failed-owner-releases.jsonl")), "held");
  EXPECT_TRUE(is_lock(file("evict-failed-owner-releases.jsonl")));
  EXPECT_EQ(said_of(file("completion-without-base.jsonl")), "lost-update");
  EXPECT_FALSE(is_state(file("completion-without-base.jsonl")));
  EXPECT_EQ(said_of(file("state-existed-before.jsonl")), "held");
  EXPECT_TRUE(is_state(file("state-existed-before.jsonl")));
}

TEST(Evictions, TakeEffectAnywhereInTheirInterval) {
  const std::string granted = "0 op acquire {:id a}\n9 invoke evict {:id a}\n1 op acquire {:id b}\n";
  EXPECT_EQ(said_of(granted + "9 ok evict {:id a}\n"), "held");
  EXPECT_EQ(said_of(granted + "9 info evict {:id a}\n"), "held");
  EXPECT_EQ(said_of(granted), "held");
  EXPECT_EQ(said_of(granted + "9 fail evict {:id a}\n"), "overlapping-holders");
  // Over before the grant that it would have to end.
  EXPECT_EQ(said_of("9 op evict {:id a}\n0 op acquire {:id a}\n1 op acquire {:id b}\n"),
            "overlapping-holders");
  EXPECT_EQ(
      said_of("9 invoke evict {:id a}\n9 info evict {:id a}\n0 op acquire {:id a}\n1 op acquire {:id b}\n"),
      "held");
  // Of another's lock.
  EXPECT_EQ(
      said_of("0 op acquire {:id a}\n0 op release {:id a}\n1 op acquire {:id b}\n9 op evict {:id a}\n2 op "
              "acquire {:id c}\n"),
      "overlapping-holders");
  // After an eviction its owner has nothing to release; during one it may have.
  EXPECT_EQ(said_of("0 op acquire {:id a}\n9 op evict {:id a}\n0 op release {:id a}\n"),
            "release-of-free-lock");
  EXPECT_EQ(
      said_of("0 op acquire {:id a}\n9 invoke evict {:id a}\n0 op release {:id a}\n9 ok evict {:id a}\n"),
      "held");
  // One eviction frees one of the two.
  EXPECT_NE(
      said_of("0 op acquire {:id a}\n9 invoke evict nil\n1 op acquire {:id b}\n2 op acquire {:id c}\n9 ok "
              "evict nil\n"),
      "held");
}

TEST(Beginnings, OfALock) {
  EXPECT_EQ(said_of("0 op release {:id x}\n1 op acquire {:id b}\n"), "held");
  EXPECT_EQ(said_of("9 op evict {:id x}\n1 op acquire {:id b}\n"), "held");
  EXPECT_EQ(
      said_of("0 invoke acquire nil\n0 fail acquire {:id x}\n9 op evict {:id x}\n1 op acquire {:id b}\n"),
      "held");
  // It is held until somebody ends that.
  EXPECT_NE(said_of("0 invoke acquire nil\n0 fail acquire {:id x}\n1 op acquire {:id b}\n"), "held");
  EXPECT_NE(said_of("1 op acquire {:id b}\n0 op release {:id x}\n"), "held");
  EXPECT_EQ(said_of("1 invoke acquire {:id b}\n0 op release {:id x}\n1 ok acquire {:id b}\n"), "held");
  // There is one beginning.
  EXPECT_NE(said_of("0 op release {:id x}\n1 op release {:id y}\n"), "held");
  EXPECT_NE(said_of("0 op release {:id x}\n0 op release {:id x}\n"), "held");
  EXPECT_EQ(said_of("0 op release {:id x}\n9 op evict {:id x}\n"), "held");
  // Without a name there was nothing.
  EXPECT_EQ(said_of("0 op release nil\n"), "release-of-free-lock");
  // What is echoed of an acquire that failed is its own id.
  EXPECT_EQ(said_of("1 op acquire {:id b}\n0 invoke acquire {:id a}\n0 fail acquire {:id a}\n"), "held");
  // A lost answer may have been a grant of that name.
  EXPECT_EQ(
      said_of(
          "1 op acquire {:id b}\n1 op release {:id b}\n0 invoke acquire nil\n0 info acquire nil\n9 op evict "
          "{:id x}\n"),
      "held");
  // With leases, the one at the beginning may have run out.
  EXPECT_EQ(said_of("0 invoke acquire nil\n0 fail acquire {:id x}\n1 op acquire {:id b, :lease_ns 5}\n"),
            "held");

  EXPECT_NE(said_of("0 op release {:id x}\n", "absent"), "held");
  EXPECT_NE(said_of("9 op evict {:id x}\n", "absent"), "held");
  EXPECT_EQ(said_of("0 op release {:id x}\n", R"({"lock": "x"})"), "held");
  EXPECT_EQ(said_of("0 op release nil\n", R"({"lock": {"id": "x"}})"), "held");
  EXPECT_NE(said_of("0 op release {:id x}\n", R"({"lock": "y"})"), "held");
  EXPECT_NE(said_of("1 op acquire {:id b}\n", R"({"lock": "y"})"), "held");
  EXPECT_NE(said_of("0 op release {:id x}\n", R"({"lock": null})"), "held");
}

TEST(Beginnings, OfAState) {
  const std::string reads = "0 op read {:writer x :serial 4}\n";
  EXPECT_EQ(said_of(reads), "held");
  EXPECT_EQ(said_of(reads + "0 op write {:writer a :serial 5 :base {:writer x :serial 4}}\n"), "held");
  EXPECT_EQ(said_of(reads + "0 op write {:writer a :serial 4 :base {:writer x :serial 4}}\n"),
            "serial-order");
  EXPECT_EQ(said_of(reads + "1 op read {:writer y :serial 5}\n"), "unwritten-read");
  EXPECT_EQ(said_of(reads + "1 op read nil\n"), "unwritten-read");
  EXPECT_EQ(said_of("1 op read nil\n" + reads), "unwritten-read");
  EXPECT_EQ(said_of("0 op write {:writer a :serial 5 :base {:writer x :serial 4}}\n" + reads), "stale-read");
  EXPECT_EQ(said_of("0 op write {:writer a :serial 1 :base nil}\n" + reads), "unwritten-read");
  EXPECT_EQ(said_of("1 invoke write {:writer x :serial 4}\n1 fail write {:writer x :serial 4}\n" + reads),
            "aborted-read");
  EXPECT_EQ(said_of(reads, "absent"), "unwritten-read");
  EXPECT_EQ(said_of(reads, R"({"state": {"writer": "x", "serial": 4}})"), "held");
  EXPECT_EQ(said_of(reads, R"({"state": {"writer": "x", "serial": 3}})"), "unwritten-read");
  EXPECT_EQ(said_of(reads, R"({"lock": null})"), "held");
  EXPECT_EQ(said_of("0 op read nil\n", R"({"state": {"writer": "x", "serial": 3}})"), "not-linearizable");
  // Lists.
  EXPECT_EQ(said_of("0 op read [7 8]\n1 op append 1\n0 op read [7 8 1]\n"), "held");
  EXPECT_EQ(said_of("1 op append 1\n0 op read [7 8 1]\n"), "held");
  EXPECT_EQ(said_of("0 op read [7 8]\n0 op read [7]\n"), "unwritten-read stale-read");
  EXPECT_EQ(said_of("1 op append 1\n0 op read [1 9]\n"), "unwritten-read");
  EXPECT_EQ(said_of("1 op append 1\n1 op append 2\n0 op read [1 9 2]\n"), "unwritten-read");
  // Each state by itself.
  EXPECT_EQ(said_of("0 op read @s {:writer x :serial 4}\n0 op read @t nil\n"), "held");
}

TEST(Beginnings, OfOtherObjects) {
  EXPECT_EQ(said_of("0 op read 7\n0 op write 1\n1 op read 1\n"), "held");
  EXPECT_EQ(said_of("0 op write 1\n1 op read 7\n"), "not-linearizable");
  EXPECT_EQ(said_of("0 op read 7\n0 op read 8\n"), "not-linearizable");
  EXPECT_EQ(said_of("0 op read nil\n0 op read 8\n"), "not-linearizable");
  EXPECT_EQ(said_of("0 op cas [7 1]\n0 op read 1\n"), "held");
  EXPECT_EQ(said_of("0 op read 7\n", "absent"), "not-linearizable");
  EXPECT_EQ(said_of("0 op read 7\n", R"({"state": 7})"), "held");
  EXPECT_EQ(said_of("0 op get \"z\"\n0 op append \"b\"\n0 op get \"zb\"\n"), "held");
  EXPECT_EQ(said_of("0 op append \"b\"\n0 op get \"zb\"\n"), "held");
  EXPECT_EQ(said_of("0 op append \"b\"\n0 op get \"bz\"\n"), "not-linearizable");
  EXPECT_EQ(said_of("0 op read {:lineage l :serial 4}\n0 op write {:lineage l :serial 5}\n"), "held");
  EXPECT_EQ(said_of("0 op read {:lineage l :serial 4}\n0 op write {:lineage l :serial 4}\n"),
            "not-linearizable");
  EXPECT_EQ(said_of("0 op read {:lineage l :serial 4}\n0 op read {:lineage l :serial 5}\n"),
            "not-linearizable");
}

TEST(Completions, SayLessThanTheirInvocations) {
  const std::string first = "0 op write {:writer a :serial 1 :base nil}\n";
  for (const char* answer : {"nil", "{:writer b :serial 2}", "{:serial 2}", "{}"}) {
    const std::string second =
        first + "1 invoke write {:writer b :serial 2 :base nil}\n1 ok write " + answer + "\n";
    EXPECT_EQ(said_of(second), "lost-update") << answer;
    const std::string twin = first +
                             "1 invoke write {:writer b :serial 2 :base {:writer a :serial 1}}\n1 ok write " +
                             answer + "\n";
    EXPECT_EQ(said_of(twin), "held") << answer;
  }
  const std::string both =
      "0 op txn [[:w x {:writer a :serial 1 :base nil}]]\n"
      "1 invoke txn [[:w x {:writer b :serial 2 :base nil}]]\n1 ok txn [[:w x {:writer b :serial 2}]]\n";
  EXPECT_EQ(said_of(both), "lost-update");
}

TEST(Serials, RiseAndNameOneVersion) {
  // Nobody says what is replaced.
  EXPECT_EQ(
      said_of("0 op write {:writer a :serial 1}\n0 op write {:writer b :serial 2}\n1 op read {:writer b "
              ":serial 2}\n"),
      "held");
  EXPECT_EQ(said_of("0 op write {:writer a :serial 2}\n0 op write {:writer b :serial 1}\n"), "serial-order");
  EXPECT_EQ(said_of("0 op write {:writer a :serial 2}\n0 op write {:writer b :serial 2}\n"), "two-contents");
  // At the same time.
  EXPECT_EQ(
      said_of("0 invoke write {:writer a :serial 2}\n1 op write {:writer b :serial 2}\n0 ok write {:writer a "
              ":serial 2}\n"),
      "two-contents");
  EXPECT_EQ(
      said_of("0 invoke write {:writer a :serial 2}\n1 op write {:writer b :serial 1}\n0 ok write {:writer a "
              ":serial 2}\n"),
      "held");
  // A read goes back.
  EXPECT_EQ(
      said_of("0 op write {:writer a :serial 1}\n0 op write {:writer b :serial 2}\n1 op read {:writer a "
              ":serial 1}\n"),
      "serial-order");
  EXPECT_EQ(said_of("0 op write {:writer a :serial 1}\n1 op read nil\n"), "stale-read");
  // One that failed, or that nobody knows of, is no second version.
  EXPECT_EQ(
      said_of(
          "0 op write {:writer a :serial 2}\n1 invoke write {:writer b :serial 2}\n1 fail write {:writer b "
          ":serial 2}\n"),
      "held");
  EXPECT_EQ(said_of("0 op write {:writer a :serial 2}\n1 invoke write {:writer b :serial 2}\n"), "held");
  // The same write asked for again.
  EXPECT_EQ(
      said_of(
          "0 invoke write {:writer a :serial 1 :base nil}\n0 info write nil\n0 op write {:writer a :serial 1 "
          ":base nil}\n"),
      "held");
  EXPECT_EQ(
      said_of(
          "0 op write {:writer a :serial 1 :lineage l :base nil}\n0 op write {:writer b :serial 2 :lineage l "
          ":base {:writer a :serial 1}}\n"),
      "held");
  EXPECT_EQ(
      said_of(
          "0 op write {:writer a :serial 1 :lineage l :base nil}\n0 op write {:writer b :serial 2 :lineage m "
          ":base {:writer a :serial 1}}\n"),
      "two-lineages");
}

TEST(LockAndState, AreJudgedTogether) {
  const std::string held = "0 op acquire {:id a}\n";
  const std::string released = "0 op release {:id a}\n";
  const std::string write = "1 op write {:writer b :serial 1 :base nil}\n";
  EXPECT_EQ(said_of(held + write + released), "write-under-anothers-lock");
  EXPECT_EQ(said_of(held + "0 op write {:writer b :serial 1 :base nil}\n" + released), "held");
  EXPECT_EQ(said_of(held + released + write), "held");
  EXPECT_EQ(said_of(write + held + released), "held");
  // It may have taken effect before the grant, or after the release.
  EXPECT_EQ(
      said_of("1 invoke write {:writer b :serial 1 :base nil}\n" + held + "1 ok write nil\n" + released),
      "held");
  EXPECT_EQ(
      said_of(held + "1 invoke write {:writer b :serial 1 :base nil}\n" + released + "1 ok write nil\n"),
      "held");
  EXPECT_EQ(said_of(held + "0 invoke release {:id a}\n" + write + "0 ok release nil\n"), "held");
  EXPECT_EQ(said_of(held + "0 invoke release {:id a}\n" + write + "0 fail release nil\n"),
            "write-under-anothers-lock");
  // The holder may be gone.
  EXPECT_EQ(said_of(held + "9 invoke evict {:id a}\n" + write + "9 ok evict nil\n"), "held");
  EXPECT_EQ(said_of(held + "0 info crash\n" + write), "held");
  // Not acknowledged, or only read.
  EXPECT_EQ(said_of(held + "1 invoke write {:writer b :serial 1 :base nil}\n1 info write nil\n" + released),
            "held");
  EXPECT_EQ(said_of(held + "1 op read nil\n" + released), "held");
  // Other keys, and the same.
  EXPECT_EQ(said_of("0 op acquire @s {:id a}\n1 op write @t {:writer b :serial 1 :base nil}\n"), "held");
  EXPECT_EQ(said_of("0 op acquire @s {:id a}\n1 op write @s {:writer b :serial 1 :base nil}\n"),
            "write-under-anothers-lock");
  EXPECT_EQ(said_of(held + "1 op write @t {:writer b :serial 1 :base nil}\n"), "write-under-anothers-lock");
  // Each part by its own.
  EXPECT_EQ(said_of(held + "1 op acquire {:id b}\n" + write), "overlapping-holders");
  EXPECT_EQ(said_of(held + "0 op write {:writer a :serial 1 :base nil}\n" + released +
                    "1 op acquire {:id b}\n1 op write {:writer b :serial 2 :base nil}\n"),
            "lost-update");
  EXPECT_EQ(said_of(held + "0 op write 1\n" + released + "1 op read 1\n"), "held");
  EXPECT_EQ(said_of(held + "0 op write 1\n" + released + "1 op read nil\n"), "not-linearizable");
  const auto verdicts = verdicts_of(events(held + write + released));
  ASSERT_EQ(verdicts.size(), 3U);
  EXPECT_EQ(verdicts[0].part, Model::lock);
  EXPECT_EQ(verdicts[1].part, Model::lock_and_state);
  EXPECT_EQ(verdicts[2].part, Model::states);
}

TEST(Unknown, WhereNothingCompleted) {
  EXPECT_EQ(said_of("0 invoke acquire nil\n"), "unknown");
  EXPECT_EQ(said_of("0 invoke write 1\n0 info write 1\n1 invoke read nil\n"), "unknown");
  EXPECT_EQ(said_of("0 invoke write {:writer a :serial 1}\n"), "unknown");
  EXPECT_EQ(said_of("0 info crash\n"), "unknown");
  EXPECT_EQ(said_of("0 invoke write 1\n0 fail write 1\n"), "unknown");
  EXPECT_EQ(verdicts_of(events("0 invoke acquire nil\n"))[0].why_unknown,
            "no operation completed, so that the history shows nothing");
}

TEST(Leases, TimesMayBeAny) {
  const auto history = read_history(
      R"({"process":0,"type":"invoke","f":"acquire","value":{"lease_ns":9223372036854775807},"time_ns":-9223372036854775808}
{"process":0,"type":"ok","f":"acquire","time_ns":9223372036854775807}
{"process":1,"type":"invoke","f":"acquire","time_ns":9223372036854775807})");
  ASSERT_TRUE(history);
  const auto verdicts = verdicts_of(*history);
  EXPECT_EQ(verdicts[0].judgement, Judgement::holds);
  EXPECT_EQ(verdicts[0].lock->longest_wait->duration, std::chrono::nanoseconds::max());
}

TEST(InitialText, MustFitTheModel) {
  const Initial three{.state = {.kind = InitialPart::Kind::given, .value = 3}, .lock = {}};
  for (const auto& [shorthand, expected] :
       {std::pair{"0 op read {:writer a :serial 1}\n",
                  "expected the state at the beginning to be a list or {writer, serial}, not 3"},
        {"0 op read {:lineage a :serial 1}\n",
         "expected the state at the beginning to be {lineage, serial}, not 3"}}) {
    const History history = events(shorthand);
    const auto verdicts = judge(history, *recognise_model(history), {}, three);
    ASSERT_FALSE(verdicts) << shorthand;
    EXPECT_EQ(verdicts.error().message, expected);
  }
}

TEST(InitialText, SaysWhatItExpected) {
  EXPECT_EQ(read_initial("nothing").error(), "not JSON");
  EXPECT_EQ(read_initial("3").error(), "expected absent, unknown or {\"state\": ..., \"lock\": ...}, not 3");
  EXPECT_EQ(read_initial(R"({"stat": 3})").error(), "expected \"state\" or \"lock\", not \"stat\"");
  EXPECT_EQ(read_initial(R"({"lock": {"token": 3}})").error(),
            "expected \"lock\" to be an id or {\"id\": ...}, not {token 3}");
}

}  // namespace
}  // namespace lockstorm::checkers
