// The promises of an object store that speaks S3: their part in the name of an audit's configuration, and how
// it shows that the store is not Amazon's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/services/s3.hpp"
#include "scenarios/data/arguments.hpp"

namespace lockstorm::scenarios {

/// Promises of the object store, which may be broken (backend-protocols.md 4.2).
struct S3StorePromises {
  bool honours_if_none_match = true;
  bool honours_if_match = true;
  bool conditional_puts = true;  ///< false: 501 to every put with a condition
  bool strong_reads = true;
  std::string versioning = "never";        ///< never, enabled, suspended
  bool versioned_conditional_puts = true;  ///< radosgw 16 breaks it
  bool suspended_conditional_puts = true;  ///< radosgw 16 breaks it
  bool missing_key_is_403 = false;         ///< the jobs may list no more than a prefix
  std::uint8_t conflicts = 0;              ///< puts answered 409 because a delete came in between
};

/// As the model has them.
[[nodiscard]] models::S3Promises promises_of(const S3StorePromises& store);

/// What of it is not as it is by default, one part of a name each: "store:honours_if_match=false".
[[nodiscard]] std::vector<std::string> store_modes(const S3StorePromises& store);

/// The inverse for one such part; false when it says nothing.
[[nodiscard]] bool read_store_mode(std::string_view mode, S3StorePromises& store);

/// What tells that the bucket is not Amazon's, if something does: an endpoint of its own, or settings that
/// other stores need, whose endpoint may come from the environment. A clause: "use_path_style is set".
[[nodiscard]] std::optional<std::string> foreign_store(const BackendArguments& arguments);

}  // namespace lockstorm::scenarios
