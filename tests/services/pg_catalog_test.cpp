// CREATE ... IF NOT EXISTS looks first and creates then; two at once can both find nothing.
#include "models/services/pg_catalog.hpp"

#include <gtest/gtest.h>

#include "tests/services/names.hpp"
#include "tests/transcript.hpp"

namespace lockstorm::models {
namespace {

TEST(PgCatalog, WhereAllIsThereNothingIsCreated) {
  const PgCatalog catalog;
  PgCatalog::Value value = catalog.initial();
  EXPECT_EQ(catalog.alternatives(value, PgCatalog::Look{}), 1U);
  EXPECT_EQ(catalog.apply(value, kSlotA, PgCatalog::Look{}, 0).response.status, PgCatalog::Status::ok);
}

TEST(PgCatalog, OfTwoThatCreateAtOnceOneMayFail) {
  PgCatalog catalog;
  catalog.is_complete_at_first = false;
  PgCatalog::Value value = catalog.initial();
  EXPECT_EQ(catalog.apply(value, kSlotA, PgCatalog::Look{}, 0).response.status, PgCatalog::Status::missing);
  EXPECT_EQ(catalog.apply(value, kSlotB, PgCatalog::Look{}, 0).response.status, PgCatalog::Status::missing);
  EXPECT_EQ(catalog.alternatives(value, PgCatalog::Create{}), 1U);
  EXPECT_EQ(catalog.apply(value, kSlotA, PgCatalog::Create{}, 0).response.status, PgCatalog::Status::ok);
  ASSERT_EQ(catalog.alternatives(value, PgCatalog::Create{}), 2U);
  PgCatalog::Value later = value;
  EXPECT_EQ(catalog.apply(later, kSlotB, PgCatalog::Create{}, 0).response.status, PgCatalog::Status::ok);
  EXPECT_EQ(catalog.apply(value, kSlotB, PgCatalog::Create{}, 1).response.status,
            PgCatalog::Status::duplicate_key);
  EXPECT_EQ(catalog.apply(value, kSlotB, PgCatalog::Look{}, 0).response.status, PgCatalog::Status::ok);
}

// Both were seen on real servers.
TEST(PgCatalog, ItsErrorsAreTheRecordedOnes) {
  std::string all;
  for (const auto& line : transcript_lines("postgresql-bind-other.jsonl")) {
    if (line["kind"] == "race") all += line["endings"].dump();
  }
  for (const PgCatalog::Status error : {PgCatalog::Status::duplicate_key, PgCatalog::Status::failed}) {
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
  EXPECT_EQ(catalog.apply(value, kSlotA, PgCatalog::Look{}, 1).response.status, PgCatalog::Status::failed);
  EXPECT_EQ(catalog.apply(value, kSlotA, PgCatalog::Look{}, 0).response.status, PgCatalog::Status::ok);
}

}  // namespace
}  // namespace lockstorm::models
