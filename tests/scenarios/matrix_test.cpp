// The matrix has a row for every backend, mode and tool, with the standard budgets in order.
#include "scenarios/campaigns/matrix.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "scenarios/backends/s3.hpp"
#include "scenarios/campaigns/troubles.hpp"
#include "scenarios/data/backend_type.hpp"
#include "scenarios/files/audit_name.hpp"

namespace lockstorm::scenarios {
namespace {

// A protocol that is no backend of a tool is the same with either: one row.
TEST(Matrix, HasARowForEveryBackend) {
  std::set<std::pair<std::string, models::Dialect>> rows;
  for (const MatrixRow& row : plan_matrix({})) {
    EXPECT_TRUE(rows.emplace(row.backend, row.tool).second) << row.backend << " twice";
  }
  for (const BackendType* type : backend_types()) {
    if (type->matrix_modes.empty()) continue;  // its settings are what is asked about, not one of them
    const std::string first = std::string(type->matrix_modes.substr(0, type->matrix_modes.find(' ')));
    const std::string name = std::string(type->name) + (first == "-" ? "" : "+" + first);
    const bool is_of_a_tool = !type->arguments.empty();
    EXPECT_EQ(rows.contains({name, models::Dialect::terraform}), type->terraform.exists);
    EXPECT_EQ(rows.contains({name, models::Dialect::opentofu}), is_of_a_tool && type->opentofu.exists);
  }
}

TEST(Matrix, ConfigurationsHaveNamesThatReadBack) {
  for (const MatrixRow& row : plan_matrix({})) {
    ASSERT_FALSE(row.configurations.empty());
    const Adversities possible = row.configurations.front().backend->possible_adversities();
    const auto befalls = [&](const Trouble& trouble) { return (trouble.needs() & ~possible) == 0; };
    EXPECT_EQ(row.configurations.size(),
              static_cast<std::size_t>(std::ranges::count_if(troubles(), befalls)));
    EXPECT_EQ(row.configurations.front().client.count, 3);
    unsigned events = 0;
    for (const Scenario& configuration : row.configurations) {
      EXPECT_GE(adverse_events(configuration), events) << configuration.name;
      events = adverse_events(configuration);
      const auto read = scenario_of_audit_name(configuration.name);
      ASSERT_TRUE(read.has_value()) << configuration.name;
      EXPECT_EQ(fingerprint(*read), fingerprint(configuration)) << configuration.name;
    }
    EXPECT_EQ(events, possible == kAllAdversities ? 3U : 2U);
  }
}

// With each row of the table stands each that has one adverse event less: else what fewer are enough for
// would be told as the work of more.
TEST(Matrix, TroublesComeWithTheirParts) {
  const auto is_row = [](const sim::FaultBudget& faults, bool force_unlock, bool first_apply) {
    return std::ranges::any_of(troubles(), [&](const Trouble& row) {
      // Nobody is unresponsive without a pause.
      const bool means_the_same =
          row.force_unlock != models::UnlockTarget::unresponsive || faults[sim::Fault::pause] > 0;
      return row.faults == faults && row.first_apply == first_apply &&
             row.force_unlock.has_value() == force_unlock && means_the_same;
    });
  };
  for (const Trouble& trouble : troubles()) {
    const bool force_unlock = trouble.force_unlock.has_value();
    for (std::size_t kind = 0; kind < sim::kFaultKinds; ++kind) {
      if (trouble.faults.count[kind] == 0) continue;
      sim::FaultBudget fewer = trouble.faults;
      --fewer.count[kind];
      EXPECT_TRUE(is_row(fewer, force_unlock, trouble.first_apply)) << trouble.name;
    }
    if (force_unlock) {
      EXPECT_TRUE(is_row(trouble.faults, false, trouble.first_apply)) << trouble.name;
    }
  }
}

TEST(Matrix, TakesAChoice) {
  const std::vector<MatrixRow> rows = plan_matrix({{"local"}, models::Dialect::opentofu});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.front().backend, "local");
}

VerifyResult result(checkers::Property property, Verdict verdict) {
  VerifyResult result;
  result.properties[property] = verdict;
  return result;
}

TEST(Matrix, ACellNamesTheFirstConfigurationThatDecidesIt) {
  using enum checkers::Property;
  const std::vector<VerifyResult> results{result(progress, Verdict::held), result(progress, Verdict::unknown),
                                          result(progress, Verdict::violated),
                                          result(progress, Verdict::violated)};
  const std::vector<MatrixCell> cells = conclude_row(results);
  const MatrixCell& cell = cells[static_cast<std::size_t>(progress)];
  EXPECT_TRUE(cell.applies);
  EXPECT_EQ(cell.verdict, Verdict::violated);
  EXPECT_EQ(cell.configuration, 2U);
  EXPECT_FALSE(cells[static_cast<std::size_t>(no_drift)].applies);
}

// A list of modes that names one which the type does not know is an error, in release too.
TEST(Matrix, AModeThatIsNotThereIsSaid) {
  const BackendType typo{
      .name = "s3", .summary = "", .matrix_modes = "- lokfile", .defaults = s3_backend().defaults};
  EXPECT_THROW(matrix_modes(typo), std::logic_error);
}

}  // namespace
}  // namespace lockstorm::scenarios
