// A certificate: what an exhaustive verification has found, so that somebody else can check that it is found
// again.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "scenarios/search/verify_result.hpp"

namespace lockstorm::reports {

/// One scenario's part. Two verifications agree exactly when all of it but `reference` is equal.
struct Certified {
  std::string reference;  ///< what `verify` takes: a library name, or the scenario's file
  std::string bounds;     ///< in words
  std::string scenario;   ///< fingerprint of what is simulated
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t end_states = 0;
  std::uint64_t depth = 0;
  std::string reachable_set;                                    ///< fingerprint of all states
  std::vector<std::pair<std::string, std::string>> properties;  ///< and their verdicts

  friend bool operator==(const Certified&, const Certified&) = default;
};

/// Of a verification that was asked for fingerprints.
Certified certified(const scenarios::VerifyResult& result);

/// What is written. Only what was explored completely can be certified: otherwise one sentence on what was
/// not.
std::expected<std::string, std::string> certificate_text(std::span<const scenarios::VerifyResult> results);

/// What was written, or why it is no certificate of this version.
std::expected<std::vector<Certified>, std::string> read_certificate(const std::string& text);

/// How many of its properties are `unknown`: of these nothing is certified.
std::size_t left_open(const Certified& one);

/// What differs, as sentences; empty when the certificate is confirmed.
std::vector<std::string> differences(const Certified& claimed, const Certified& found);

}  // namespace lockstorm::reports
