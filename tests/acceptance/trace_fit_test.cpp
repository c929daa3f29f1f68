// Recordings that are runs of the model, and such that are not.
#include "scenarios/acceptance/trace_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/scenarios/scenario_text.hpp"

namespace lockstorm::scenarios {
namespace {

using testing::ElementsAre;
using testing::Field;

constexpr const char* kOneApply =
    "backend: {type: http, lock_address: true, unlock_address: true}\nclient: {count: 1}\n";

SeenRequest seen(std::string operation, std::string object, unsigned status = 200) {
  static std::size_t numbers = 0;
  SeenRequest request;
  request.number = ++numbers;
  request.service = "http";
  request.changes = operation != "GET";
  request.operation = std::move(operation);
  request.object = std::move(object);
  request.status = status;
  return request;
}

std::vector<SeenRequest> one_apply() {
  return {seen("LOCK", "lock"), seen("GET", "state"), seen("POST", "state"), seen("UNLOCK", "lock")};
}

TraceFit fit(const std::vector<SeenRequest>& requests, const char* scenario = kOneApply) {
  return accept_trace(scenario_of(scenario), requests, {"http"});
}

TEST(TraceFit, AcceptsAnApply) {
  const TraceFit found = fit(one_apply());
  EXPECT_TRUE(found.is_accepted);
  EXPECT_EQ(found.accepted, 4U);
  EXPECT_TRUE(found.extra.empty());
}

TEST(TraceFit, AcceptsThatAnAnswerIsLostAndTheRequestSentAgain) {
  std::vector<SeenRequest> requests = one_apply();
  requests[3].end = SeenRequest::End::lost;
  requests.push_back(seen("UNLOCK", "lock"));
  EXPECT_TRUE(fit(requests).is_accepted);
  requests[3].takes_effect = false;
  EXPECT_TRUE(fit(requests).is_accepted);
}

TEST(TraceFit, LetsReadsPassThatTheModelDoesNotHave) {
  std::vector<SeenRequest> requests = one_apply();
  requests.insert(requests.begin(), seen("GET", "state"));
  const TraceFit found = fit(requests);
  EXPECT_TRUE(found.is_accepted);
  EXPECT_THAT(found.extra, ElementsAre(requests[0].number));
}

TEST(TraceFit, SaysWhatTheModelWouldHaveSent) {
  std::vector<SeenRequest> requests = one_apply();
  requests.erase(requests.begin());  // it writes without a lock
  const TraceFit found = fit(requests);
  EXPECT_FALSE(found.is_accepted);
  EXPECT_EQ(found.accepted, 1U);  // the read
  EXPECT_THAT(found.instead, ElementsAre(Field(&WouldSend::what, "LOCK lock")));
}

TEST(TraceFit, SaysThatTheModelIsDone) {
  std::vector<SeenRequest> requests = one_apply();
  requests.push_back(seen("POST", "state"));
  const TraceFit found = fit(requests);
  EXPECT_FALSE(found.is_accepted);
  EXPECT_EQ(found.accepted, 4U);
  EXPECT_THAT(found.instead, ElementsAre(Field(&WouldSend::what, "ends")));
}

TEST(TraceFit, SaysWhichAnswerTheModelGives) {
  std::vector<SeenRequest> requests = one_apply();
  requests[0].status = 409;
  const TraceFit found = fit(requests);
  EXPECT_FALSE(found.is_accepted);
  EXPECT_EQ(found.accepted, 0U);
  EXPECT_EQ(found.refused_answer, "200 instead of 409");
}

TEST(TraceFit, TellsTwoClientsApart) {
  constexpr const char* kTwo =
      "backend: {type: http, lock_address: true, unlock_address: true}\nclient: {count: 2}\n";
  std::vector<SeenRequest> requests = one_apply();
  requests.insert(requests.begin() + 1, seen("LOCK", "lock", 409));
  requests[1].slot = 1;
  EXPECT_TRUE(fit(requests, kTwo).is_accepted);
  requests[1].status = 200;  // both are granted the lock
  const TraceFit found = fit(requests, kTwo);
  EXPECT_FALSE(found.is_accepted);
  EXPECT_EQ(found.accepted, 1U);
}

}  // namespace
}  // namespace lockstorm::scenarios
