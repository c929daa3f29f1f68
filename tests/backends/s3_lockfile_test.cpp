// The lock file of the s3 backend, request by request: who may take it, and who may take it away.
#include "models/backends/s3.hpp"
#include "tests/backends/store_world.hpp"
#include "tests/printers.hpp"

namespace lockstorm {
namespace {

using models::Dialect;
using models::S3;
using models::S3Backend;

class S3LockfileTest : public testing::TestWithParam<Dialect> {
 protected:
  static std::vector<std::string> in_turn(const std::vector<sim::Process::Body>& bodies) {
    S3 bucket;
    bucket.initial_state = earlier_state();
    return operations_in_turn(bucket, bodies);
  }

  S3Backend backend{{.dialect = GetParam(), .use_lockfile = true}, sim::ServiceRef<S3>{0}, {}};
};

TEST_P(S3LockfileTest, UnlockReadsThenDeletes) {
  const auto operations = in_turn({[&](sim::Process& self) {
    EXPECT_EQ(backend.lock(self, kMyLock).status, models::LockStatus::granted);
    EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::ok);
  }});
  EXPECT_EQ(operations, (std::vector<std::string>{"PutObject", "GetObject", "DeleteObject"}));
}

// 3.3.2 Unlock: the id is compared before anything is deleted.
TEST_P(S3LockfileTest, UnlockLeavesALockWithAnotherId) {
  const auto operations =
      in_turn({[&](sim::Process& self) { backend.lock(self, kMyLock); },
               [&](sim::Process& self) {
                 const models::LockResult refused = backend.lock(self, kMyLock);
                 EXPECT_EQ(refused.status, models::LockStatus::refused);
                 EXPECT_EQ(refused.info.id.owner, sim::Who::process(0));
                 EXPECT_EQ(backend.unlock(self, kMyLock.id).status, models::Done::failed);
                 EXPECT_EQ(backend.shown_lock(self).id, refused.info.id) << "it is still there";
                 EXPECT_EQ(backend.unlock(self, refused.info.id).status, models::Done::ok);
                 EXPECT_TRUE(backend.shown_lock(self).empty());
                 EXPECT_EQ(backend.unlock(self, refused.info.id).status, models::Done::failed)
                     << "there is none";
               }});
  EXPECT_EQ(std::ranges::count(operations, "DeleteObject"), 1);
}

INSTANTIATE_TEST_SUITE_P(Tools, S3LockfileTest, testing::Values(Dialect::terraform, Dialect::opentofu),
                         [](const auto& info) {
                           return info.param == Dialect::terraform ? "terraform" : "opentofu";
                         });

}  // namespace
}  // namespace lockstorm
