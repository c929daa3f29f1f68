// A directory of choice streams that did something: kept between campaigns, replayed first in the next.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/schedule.hpp"

namespace lockstorm::scenarios {

/// One file a stream: a replay string. Files of other scenarios or versions are set aside, into `aside/`, and
/// nothing that goes wrong with the directory ends the campaign: it is told, each thing once.
class Corpus {
 public:
  using Tell = std::function<void(const std::string&)>;

  /// No directory: nothing is kept.
  Corpus() = default;
  Corpus(std::filesystem::path directory, std::string subject, std::uint64_t fingerprint, Tell tell);

  /// What is there for this scenario, by file name.
  std::vector<sim::Schedule> load();
  /// Sets aside a stream that does not fit after all.
  void set_aside(const sim::Schedule& schedule, const std::string& why);
  /// Keeps a stream, complete or not at all: written beside its place, then renamed. Known ones are not
  /// written again.
  void keep(const sim::Schedule& schedule);
  /// Removes a stream that others have made superfluous.
  void drop(const sim::Schedule& schedule);

 private:
  [[nodiscard]] std::string text_of(const sim::Schedule& schedule) const;
  [[nodiscard]] std::filesystem::path path_of(const std::string& text) const;
  void move_aside(const std::filesystem::path& file, const std::string& why);
  void complain(const std::string& what);

  std::filesystem::path directory_;
  std::string subject_;
  std::uint64_t fingerprint_ = 0;
  Tell tell_;
  std::vector<std::string> complaints_;
};

}  // namespace lockstorm::scenarios
