// What a pg client keeps in memory: its pool of connections and the key that it has locked.
#include "models/backends/pg.hpp"

#include <gtest/gtest.h>

#include "sim/limits.hpp"

namespace lockstorm {
namespace {

using models::PgBackend;

const PgBackend kPgBackend({}, sim::ServiceRef<models::Postgres>{0}, sim::ServiceRef<models::PgCatalog>{1});

std::uint16_t connection_of(const sim::Process& process, const sim::ValuePool& values) {
  const auto request = values.get<models::Postgres::Request>(process.action(0).argument);
  return std::visit([](const auto& one) { return one.connection; }, request);
}

// There were four bits for it once: after sixteen the numbers began anew, and an old session was new again.
TEST(Pg, ConnectionsAreNumberedUpToALimitThatIsSaid) {
  sim::ValuePool values;
  const sim::Process::Body reads_for_ever = [](sim::Process& self) {
    for (;;) kPgBackend.get(self);
  };
  sim::Process process(values, reads_for_ever);
  process.replay({}, false);
  for (std::uint16_t lost = 0; lost < PgBackend::kMostLost; ++lost) {
    ASSERT_EQ(connection_of(process, values), lost + 1);
    process.feed(0, sim::observe::kNoAnswer);
  }
  EXPECT_THROW(process.feed(0, sim::observe::kNoAnswer), sim::LimitExceeded);
}

// Force-unlock, a manager that has locked nothing, sends nothing and reports success (3.8).
TEST(Pg, WhoHasLockedNothingUnlocksNothing) {
  sim::ValuePool values;
  models::Done unlocked = models::Done::failed;
  const sim::Process::Body unlocks = [&](sim::Process& self) {
    unlocked = kPgBackend.unlock(self, {sim::Who::me(), 0}).status;
  };
  sim::Process process(values, unlocks);
  process.replay({}, false);
  EXPECT_TRUE(process.ended());
  EXPECT_EQ(unlocked, models::Done::ok);
}

}  // namespace
}  // namespace lockstorm
