// The tag service: one creation wins, and whoever comes may delete (backend-protocols.md 3.11).
#include "models/services/tencent_tag.hpp"

#include <gtest/gtest.h>

namespace lockstorm::models {
namespace {

class TencentTagTest : public testing::Test {
 protected:
  using Status = TencentTag::Status;

  TencentTag::Response ask(const TencentTag::Request& request, sim::Slot caller = 0) {
    return tag.apply(value, caller, request).response;
  }
  TencentTag tag;
  TencentTag::Value value = tag.initial();
};

TEST_F(TencentTagTest, OnlyTheFirstCreationWins) {
  EXPECT_EQ(ask(TencentTag::DescribeTags{}).listed, 0);
  EXPECT_EQ(ask(TencentTag::CreateTag{}, 0).status, Status::ok);
  EXPECT_EQ(ask(TencentTag::CreateTag{}, 1).status, Status::duplicate);
  EXPECT_EQ(ask(TencentTag::CreateTag{}, 0).status, Status::duplicate);  // nobody is recognised
  EXPECT_EQ(ask(TencentTag::DescribeTags{}).listed, 1);
}

TEST_F(TencentTagTest, AnybodyDeletesIt) {
  ask(TencentTag::CreateTag{}, 0);
  EXPECT_EQ(ask(TencentTag::DeleteTag{}, 1).status, Status::ok);
  EXPECT_EQ(ask(TencentTag::DeleteTag{}, 0).status, Status::not_found);
  EXPECT_EQ(ask(TencentTag::CreateTag{}, 1).status, Status::ok);
}

TEST_F(TencentTagTest, RefusalsAreToldApart) {
  EXPECT_EQ(TencentTag::refuse(TencentTag::CreateTag{}, sim::Refusal::throttled).status,
            Status::request_limit_exceeded);
  EXPECT_EQ(TencentTag::refuse(TencentTag::CreateTag{}, sim::Refusal::server_error).status,
            Status::internal_error);
}

}  // namespace
}  // namespace lockstorm::models
