// The lock of a working directory that jobs have in common.
#include "models/services/shared_directory.hpp"

#include <gtest/gtest.h>

#include "tests/services/names.hpp"

namespace lockstorm::models {
namespace {

TEST(SharedDirectory, IsLockedByOneAndFreeWhenItsProcessEnds) {
  const SharedDirectory directory;
  SharedDirectory::Value value = directory.initial();
  const auto locks = [&](sim::Slot slot) {
    return directory.apply(value, slot, SharedDirectory::LockDirectory{}).response.granted != 0;
  };
  EXPECT_TRUE(locks(kSlotA));
  EXPECT_FALSE(locks(kSlotB));
  const auto unlock = [&](sim::Slot slot) {
    EXPECT_EQ(directory.apply(value, slot, SharedDirectory::UnlockDirectory{}).response.granted, 1U);
  };
  unlock(kSlotB);
  EXPECT_FALSE(locks(kSlotB)) << "only its holder gives it back";
  unlock(kSlotA);
  EXPECT_TRUE(locks(kSlotB));
  directory.process_ended(value, kSlotB);
  EXPECT_TRUE(locks(kSlotA));
}

}  // namespace
}  // namespace lockstorm::models
