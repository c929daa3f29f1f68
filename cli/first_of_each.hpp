// Questions that are asked more than once are answered once: set-ups that differ in words only come to the
// same worlds.
#pragma once

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

namespace lockstorm::cli {

class FirstOfEach {
 public:
  /// `key_of`: what makes two of them the same.
  template <class Questions, class KeyOf>
  FirstOfEach(const Questions& questions, KeyOf key_of) {
    std::map<decltype(key_of(questions.front())), std::size_t> known;
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const auto [place, is_new] = known.try_emplace(key_of(questions[i]), i);
      if (is_new) numbers_.push_back(i);
      place_.push_back(is_new ? numbers_.size() - 1 : place_[place->second]);
    }
  }

  /// Those that have to be answered.
  [[nodiscard]] const std::vector<std::size_t>& numbers() const { return numbers_; }
  /// The one that answers for `i`.
  [[nodiscard]] std::size_t of(std::size_t i) const { return numbers_[place_[i]]; }
  /// Its place among `numbers`.
  [[nodiscard]] std::size_t place_of(std::size_t i) const { return place_[i]; }

 private:
  std::vector<std::size_t> numbers_;
  std::vector<std::size_t> place_;
};

}  // namespace lockstorm::cli
