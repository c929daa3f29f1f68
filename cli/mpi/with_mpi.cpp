#include <mpi.h>

#include <algorithm>
#include <numeric>

#include "cli/mpi/mpi.hpp"

namespace lockstorm::cli {
namespace {

using sim::Bytes;

class MpiExchange final : public sim::Exchange {
 public:
  MpiExchange() {
    MPI_Init(nullptr, nullptr);
    int number = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &number);
    rank_ = static_cast<unsigned>(number);
    MPI_Comm_size(MPI_COMM_WORLD, &number);
    size_ = static_cast<unsigned>(number);
  }
  ~MpiExchange() override { MPI_Finalize(); }
  MpiExchange(const MpiExchange&) = delete;
  MpiExchange& operator=(const MpiExchange&) = delete;

  [[nodiscard]] unsigned rank() const override { return rank_; }
  [[nodiscard]] unsigned size() const override { return size_; }
  [[nodiscard]] std::uint64_t bytes_sent() const override { return bytes_sent_; }

  // First how much there is, then all of it, in parts whose sizes MPI's integers can tell.
  std::vector<Bytes> all_to_all(std::vector<Bytes> to) override {
    std::vector<std::uint64_t> leave(size_);
    std::vector<std::uint64_t> come(size_);
    for (unsigned i = 0; i < size_; ++i) leave[i] = to[i].size();
    MPI_Alltoall(leave.data(), 1, MPI_UINT64_T, come.data(), 1, MPI_UINT64_T, MPI_COMM_WORLD);
    for (unsigned i = 0; i < size_; ++i) bytes_sent_ += i == rank_ ? 0 : leave[i];
    std::vector<Bytes> from(size_);
    std::uint64_t most = std::max(std::ranges::max(leave), std::ranges::max(come));
    MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_UINT64_T, MPI_MAX, MPI_COMM_WORLD);
    const std::uint64_t part = kMostTogether / size_;
    for (std::uint64_t begin = 0; begin < most; begin += part) send_part(to, begin, part, come, from);
    return from;
  }

  std::vector<Bytes> all_gather(const Bytes& mine) override {
    const std::uint64_t leaves = mine.size();
    std::vector<std::uint64_t> come(size_);
    MPI_Allgather(&leaves, 1, MPI_UINT64_T, come.data(), 1, MPI_UINT64_T, MPI_COMM_WORLD);
    const std::uint64_t all = std::accumulate(come.begin(), come.end(), std::uint64_t{0});
    if (all > kMostTogether) return all_to_all(std::vector<Bytes>(size_, mine));
    bytes_sent_ += leaves * (size_ - 1);
    std::vector<int> counts(come.begin(), come.end());
    std::vector<int> places(size_);
    std::exclusive_scan(counts.begin(), counts.end(), places.begin(), 0);
    Bytes got(all);
    MPI_Allgatherv(mine.data(), static_cast<int>(leaves), MPI_BYTE, got.data(), counts.data(), places.data(),
                   MPI_BYTE, MPI_COMM_WORLD);
    std::vector<Bytes> from(size_);
    for (unsigned i = 0; i < size_; ++i)
      from[i].assign(got.begin() + places[i], got.begin() + places[i] + counts[i]);
    return from;
  }

 private:
  static constexpr std::uint64_t kMostTogether = std::uint64_t{1} << 28U;

  void send_part(const std::vector<Bytes>& to, std::uint64_t begin, std::uint64_t part,
                 const std::vector<std::uint64_t>& come, std::vector<Bytes>& from) {
    const auto share = [&](std::uint64_t all) {
      return static_cast<int>(std::min(part, all - std::min(all, begin)));
    };
    std::vector<int> leave_counts(size_);
    std::vector<int> come_counts(size_);
    Bytes leave;
    for (unsigned i = 0; i < size_; ++i) {
      leave_counts[i] = share(to[i].size());
      come_counts[i] = share(come[i]);
      const auto first =
          to[i].begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(begin, to[i].size()));
      leave.insert(leave.end(), first, first + leave_counts[i]);
    }
    std::vector<int> leave_places(size_);
    std::vector<int> come_places(size_);
    std::exclusive_scan(leave_counts.begin(), leave_counts.end(), leave_places.begin(), 0);
    std::exclusive_scan(come_counts.begin(), come_counts.end(), come_places.begin(), 0);
    Bytes got(static_cast<std::size_t>(come_places.back() + come_counts.back()));
    MPI_Alltoallv(leave.data(), leave_counts.data(), leave_places.data(), MPI_BYTE, got.data(),
                  come_counts.data(), come_places.data(), MPI_BYTE, MPI_COMM_WORLD);
    for (unsigned i = 0; i < size_; ++i)
      from[i].insert(from[i].end(), got.begin() + come_places[i],
                     got.begin() + come_places[i] + come_counts[i]);
  }

  unsigned rank_ = 0;
  unsigned size_ = 1;
  std::uint64_t bytes_sent_ = 0;
};

}  // namespace

std::expected<std::unique_ptr<sim::Exchange>, std::string> join_mpi() {
  return std::make_unique<MpiExchange>();
}

void abandon_mpi(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

}  // namespace lockstorm::cli
