// Normal weeks under the rules that are built in: nothing alarms, and what is worth reading next morning is what the
// scenario's administrator did on purpose. Another seed is another week.
#include <gmock/gmock.h>

#include "tests/rules/scenario_scan.hpp"

namespace tocsin::makers {
namespace {

using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::UnorderedElementsAre;

class NormalWeek : public ScenarioScan, public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(NormalWeek, GivesNothingThatAlarms) {
  ASSERT_NO_FATAL_FAILURE(scan_scenario("normal_week.yml", true, GetParam()));
  EXPECT_GT(result_->summary().events, 15'000U);
  EXPECT_THAT(findings(Level::high), IsEmpty());
  EXPECT_THAT(findings(Level::medium),
              UnorderedElementsAre(Key("service_ticket_with_weak_cipher"), Key("remote_execution_service"),
                                   Key("member_added_to_local_admins"), Key("mailbox_exported")));
}

INSTANTIATE_TEST_SUITE_P(Seeds, NormalWeek, ::testing::Values(20260302, 1, 2));

}  // namespace
}  // namespace tocsin::makers
