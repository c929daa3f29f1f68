// The search on disk against the one in memory: alone, shared, interrupted after every level.
#include "sim/levels/level_search.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "scenarios/files/library.hpp"
#include "scenarios/world/world.hpp"
#include "sim/explore/explorer.hpp"
#include "sim/levels/thread_exchange.hpp"

namespace lockstorm::sim {
namespace {

namespace fs = std::filesystem;
using scenarios::World;

constexpr unsigned kHang = 6;  // progress

/// Everything that two searches of the same world have to agree on.
struct Answer {
  std::size_t states = 0;
  std::size_t transitions = 0;
  std::size_t end_states = 0;
  std::size_t cut_off = 0;
  std::size_t depth = 0;
  std::uint64_t fingerprint = 0;
  Violations violated = 0;
  std::array<std::uint64_t, kFaultKinds> fired{};
  std::vector<unsigned> fewest;
  std::vector<Schedule> schedules;
  friend bool operator==(const Answer&, const Answer&) = default;
};

Answer answer_of(const ExploreResult& result) {
  Answer answer{result.states,
                result.transitions,
                result.end_states,
                result.cut_off,
                result.depth,
                result.fingerprint,
                result.violated,
                result.fired,
                {},
                {}};
  for (unsigned property = 0; property < 16; ++property) answer.fewest.push_back(result.fewest.of(property));
  answer.fewest.push_back(result.fewest_to_hang);
  return answer;
}

Answer in_memory(const World& world) {
  StateTables tables(world.spec, Automaton::Mode::compressed);
  ExploreOptions options;
  options.hang_property = kHang;
  options.fingerprint = true;
  Explorer<4> explorer(tables, world.monitors, world.end_check, options);
  const ExploreResult result = explorer.run();
  Answer answer = answer_of(result);
  for (const auto& finding : result.first)
    answer.schedules.push_back(finding ? explorer.schedule_to(*finding) : Schedule{});
  return answer;
}

struct Stop {};  ///< thrown by whoever watches: as if the process had been killed

class LevelSearchOnDisk : public testing::Test {
 protected:
  LevelSearchOnDisk()
      : path_(fs::path(testing::TempDir()) / fmt::format("lockstorm-level-search-{}", getpid())) {
    fs::remove_all(path_);
  }
  ~LevelSearchOnDisk() override { fs::remove_all(path_); }

  // One member's part; it is killed once it has told of a new level `stop_after`.
  Answer member(const scenarios::Scenario& scenario, Exchange& exchange,
                std::size_t stop_after = ~std::size_t{0}) {
    const std::unique_ptr<World> world = build_world(scenario);
    StateTables tables(world->spec, Automaton::Mode::compressed);
    const LevelFolder folder(path_, scenario.name, exchange.rank() == 0);
    const auto watch = [&](const LevelProgress& level) {
      if (level.kind == LevelProgress::Kind::found && level.level == stop_after) throw Stop();
    };
    LevelSearch<4> search(tables, world->monitors, world->end_check,
                          {.folder = &folder,
                           .exchange = &exchange,
                           .hang_property = kHang,
                           .block_states = 24,
                           .on_level = watch});
    Answer answer = answer_of(search.run());
    for (unsigned property = 0; property < 16; ++property)
      answer.schedules.push_back(search.schedule_to(property).value_or(Schedule{}));
    return answer;
  }

  // What each of so many members answers; none: it was killed.
  std::vector<std::optional<Answer>> together(const scenarios::Scenario& scenario, unsigned members,
                                              std::size_t stop_after = ~std::size_t{0}) {
    MeetingPlace place(members);
    std::vector<std::optional<Answer>> answers(members);
    std::vector<std::jthread> threads;
    for (unsigned rank = 0; rank < members; ++rank) {
      threads.emplace_back([&, rank] {
        ThreadExchange exchange(place, rank);
        try {
          answers[rank] = member(scenario, exchange, stop_after);
        } catch (const Stop&) {
          place.abandon();
        } catch (const ExchangeAbandoned&) {
          place.abandon();
        }
      });
    }
    threads.clear();
    return answers;
  }

  fs::path path_;
};

scenarios::Scenario scenario_of(const std::string& name) {
  return scenarios::find_scenarios(name).value().front();
}

// With faults, ends in many ways, hangs, several backends.
const std::vector<std::string>& some_scenarios() {
  static const std::vector<std::string> names{
      "matrix/s3-lockfile/terraform/progress", "matrix/consul/terraform/progress",
      "matrix/lock-table-L0/terraform/mutual-exclusion", "matrix/http/terraform/no-lost-update"};
  return names;
}

TEST_F(LevelSearchOnDisk, FindsWhatTheSearchInMemoryFinds) {
  for (const std::string& name : some_scenarios()) {
    SCOPED_TRACE(name);
    const scenarios::Scenario scenario = scenario_of(name);
    const Answer expected = in_memory(*build_world(scenario));
    EXPECT_GT(expected.states, 100U);
    EXPECT_NE(expected.violated, 0);
    for (const unsigned members : {1U, 2U, 3U, 4U}) {
      fs::remove_all(path_);
      for (const auto& answer : together(scenario, members)) {
        ASSERT_TRUE(answer);
        EXPECT_TRUE(*answer == expected)
            << members << " members: " << answer->states << " states for " << expected.states;
      }
    }
  }
}

TEST_F(LevelSearchOnDisk, GoesOnFromWhereItWasKilled) {
  const scenarios::Scenario scenario = scenario_of(some_scenarios().front());
  const Answer expected = in_memory(*build_world(scenario));
  for (std::size_t level = 0; level < expected.depth; level += 3) {
    fs::remove_all(path_);
    for (const auto& killed : together(scenario, 2, level)) EXPECT_FALSE(killed);
    // By more members than before, and by fewer.
    const unsigned members = level % 2 == 0 ? 3 : 1;
    for (const auto& answer : together(scenario, members)) {
      ASSERT_TRUE(answer);
      EXPECT_TRUE(*answer == expected) << "killed at level " << level << ", then " << members << " members";
    }
  }
}

TEST_F(LevelSearchOnDisk, IsKilledAgainAndAgain) {
  const scenarios::Scenario scenario = scenario_of(some_scenarios()[1]);
  const Answer expected = in_memory(*build_world(scenario));
  for (std::size_t level = 1; level < expected.depth; level += 4) together(scenario, 2, level);
  for (const auto& answer : together(scenario, 2)) {
    ASSERT_TRUE(answer);
    EXPECT_TRUE(*answer == expected);
  }
}

TEST_F(LevelSearchOnDisk, DoesNotGoOnFromSomethingElse) {
  together(scenario_of(some_scenarios()[0]), 1, 5);
  const scenarios::Scenario other = scenario_of(some_scenarios()[1]);
  Alone alone;
  EXPECT_THROW(member(other, alone), LevelFolderRefused);
}

TEST_F(LevelSearchOnDisk, SaysWhenItNeedsMoreMemory) {
  const scenarios::Scenario scenario = scenario_of(some_scenarios().front());
  const std::unique_ptr<World> world = build_world(scenario);
  StateTables tables(world->spec, Automaton::Mode::compressed);
  const LevelFolder folder(path_, scenario.name);
  Alone alone;
  LevelSearch<4> search(tables, world->monitors, world->end_check,
                        {.folder = &folder, .exchange = &alone, .max_bytes = 1, .on_level = {}});
  const ExploreResult result = search.run();
  EXPECT_FALSE(result.complete);
  EXPECT_TRUE(result.out_of_memory);
  EXPECT_NE(result.why_incomplete.find("memory bound"), std::string::npos);
}

TEST(ThreadExchange, EverybodyGetsEverything) {
  MeetingPlace place(3);
  std::vector<std::jthread> threads;
  for (unsigned rank = 0; rank < 3; ++rank) {
    threads.emplace_back([&place, rank] {
      ThreadExchange exchange(place, rank);
      for (unsigned round = 0; round < 200; ++round) {
        std::vector<Bytes> to(3);
        for (unsigned other = 0; other < 3; ++other)
          append(to[other], rank * 100'000 + other * 1'000 + round);
        const std::vector<Bytes> from = exchange.all_to_all(std::move(to));
        for (unsigned other = 0; other < 3; ++other)
          EXPECT_EQ(ByteReader(from[other]).take<unsigned>(), other * 100'000 + rank * 1'000 + round);
      }
    });
  }
}

}  // namespace
}  // namespace lockstorm::sim
