// A fuzz target without libFuzzer: runs every file of a corpus, and some thousand mutations of them that are
// the same every time, through LLVMFuzzerTestOneInput.
//
//     smoke_scenario FILE-OR-DIRECTORY...
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "fuzz/expectation.hpp"
#include "sim/random.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

class Mutator {
 public:
  explicit Mutator(const std::vector<Bytes>& corpus) : corpus_(corpus) {}

  // One to four changes of one file: those that libFuzzer makes, too.
  Bytes next() {
    Bytes bytes = corpus_[below(corpus_.size())];
    for (std::size_t left = 1 + below(4); left > 0; --left) change(bytes);
    return bytes;
  }

 private:
  std::size_t below(std::size_t bound) { return random_.below(static_cast<std::uint32_t>(bound)); }
  auto at(Bytes& bytes) { return bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size() + 1)); }

  void change(Bytes& bytes) {
    static constexpr std::string_view kTelling = "{}[]()\"'\\:,#%$\n\t -0919eE.+~/\0\xff\xc3\x1b<";
    const std::size_t kind = below(7);
    if (kind == 0 && !bytes.empty()) bytes[below(bytes.size())] ^= static_cast<std::uint8_t>(1U << below(8));
    if (kind == 1) bytes.insert(at(bytes), static_cast<std::uint8_t>(kTelling[below(kTelling.size())]));
    if (kind == 2) bytes.resize(below(bytes.size() + 1));
    if (kind == 3 || kind == 4) {
      const auto begin = at(bytes);
      const auto end = std::min(bytes.end(), begin + static_cast<std::ptrdiff_t>(1 + below(16)));
      const Bytes part(begin, end);
      if (kind == 3) {
        bytes.erase(begin, end);
      } else {
        bytes.insert(at(bytes), part.begin(), part.end());
      }
    }
    if (kind == 5) {
      Bytes other = corpus_[below(corpus_.size())];
      other.erase(other.begin(), at(other));
      bytes.erase(at(bytes), bytes.end());
      bytes.insert(bytes.end(), other.begin(), other.end());
    }
    if (kind == 6 && !bytes.empty()) {
      const std::uint8_t one = bytes[below(bytes.size())];
      const std::size_t times = below(300);
      bytes.insert(at(bytes), times, one);
    }
  }

  const std::vector<Bytes>& corpus_;
  lockstorm::sim::Random random_{1};
};

// The files, and those anywhere below the directories, in the order of their paths.
std::vector<std::filesystem::path> files_below(const std::vector<std::filesystem::path>& places) {
  std::vector<std::filesystem::path> files;
  for (const auto& place : places) {
    if (!std::filesystem::is_directory(place)) {
      files.push_back(place);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

constexpr std::size_t kMutations = 3'000;

}  // namespace

int main(int argc, char** argv) {
  std::vector<Bytes> corpus;
  for (const auto& file : files_below({argv + 1, argv + argc})) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) return 64;
  for (const Bytes& bytes : corpus) LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  Mutator mutator(corpus);
  for (std::size_t i = 0; i < kMutations; ++i) {
    const Bytes bytes = mutator.next();
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%zu files, %zu mutations\n", corpus.size(), kMutations);
  return 0;
}
