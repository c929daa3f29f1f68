// CREATE ... IF NOT EXISTS looks first and creates then; two at once can both find nothing.
#include "models/services/pg_catalog.hpp"

#include <gtest/gtest.h>

#include "tests/transcript.hpp"

namespace lockstorm::models {
namespace {

using Status = PgCatalog::Status;

constexpr sim::Slot kA = 0;
constexpr sim::Slot kB = 1;

TEST(PgCatalog, WhereAllIsThereNothingIsCreated) {
  const PgCatalog catalog;
  PgCatalog::Value value = catalog.initial();
  EXPECT_EQ(catalog.alternatives(value, PgCatalog::Look{}), 1U);
  EXPECT_EQ(catalog.apply(value, kA, PgCatalog::Look{}, 0).response.status, Status::ok);
}

TEST(PgCatalog, OfTwoThatCreateAtOnceOneMayFail) {
  PgCatalog catalog;
  catalog.is_complete_at_first = false;
  PgCatalog::Value value = catalog.initial();
  EXPECT_EQ(catalog.apply(value, kA, PgCatalog::Look{}, 0).response.status, Status::missing);
  EXPECT_EQ(catalog.apply(value, kB, PgCatalog::Look{}, 0).response.status, Status::missing);
  EXPECT_EQ(catalog.alternatives(value, PgCatalog::Create{}), 1U);
  EXPECT_EQ(catalog.apply(value, kA, PgCatalog::Create{}, 0).response.status, Status::ok);
  ASSERT_EQ(catalog.alternatives(value, PgCatalog::Create{}), 2U);
  PgCatalog::Value later = value;
  EXPECT_EQ(catalog.apply(later, kB, PgCatalog::Create{}, 0).response.status, Status::ok);
  EXPECT_EQ(catalog.apply(value, kB, PgCatalog::Create{}, 1).response.status, Status::duplicate_key);
  EXPECT_EQ(catalog.apply(value, kB, PgCatalog::Look{}, 0).response.status, Status::ok);
}

// Both were seen on real servers.
TEST(PgCatalog, ItsErrorsAreTheRecordedOnes) {
  std::string all;
  for (const auto& line : transcript_lines("postgresql-bind-other.jsonl")) {
    if (line["kind"] == "race") all += line["endings"].dump();
  }
  for (const Status error : {Status::duplicate_key, Status::failed}) {
    const std::string status = PgCatalog::told(PgCatalog::Look{}, {error}).status;
    const std::string said = status.substr(std::string("error: ").size());
    EXPECT_NE(all.find(said), std::string::npos) << said;
    EXPECT_TRUE(PgCatalog::told(PgCatalog::Look{}, {error}).is_refusal);
  }
}

TEST(PgCatalog, APoolerMayPartTheHalvesOfTheOneStatementWithAParameter) {
  PgCatalog catalog;
  catalog.is_pooled = true;
  PgCatalog::Value value = catalog.initial();
  ASSERT_EQ(catalog.alternatives(value, PgCatalog::Look{}), 2U);
  EXPECT_EQ(catalog.apply(value, kA, PgCatalog::Look{}, 1).response.status, Status::failed);
  EXPECT_EQ(catalog.apply(value, kA, PgCatalog::Look{}, 0).response.status, Status::ok);
}

}  // namespace
}  // namespace lockstorm::models
