#include "sim/time/distribution.hpp"

#include <algorithm>
#include <utility>

namespace lockstorm::sim {
namespace {

__extension__ using UnsignedWide = unsigned __int128;

constexpr std::uint32_t kAll_ppm = 1'000'000;
// The 90th percentile of a standard normal number, 1.2815515655, in 32 binary places.
constexpr Fixed kNormalP90 = 5'504'222'062;

std::uint64_t times(std::uint64_t value, std::uint64_t share) {
  return static_cast<std::uint64_t>(static_cast<UnsignedWide>(value) * share >> 64U);
}

std::uint64_t scaled(std::uint64_t value, Fixed factor) {
  const UnsignedWide product = static_cast<UnsignedWide>(value) * static_cast<std::uint64_t>(factor) >> 32U;
  return static_cast<std::uint64_t>(std::min<UnsignedWide>(product, kLongestDuration_us));
}

std::uint64_t between(const Distribution::Quantile& low, const Distribution::Quantile& high,
                      std::uint64_t draw) {
  // The draw in parts of 10^6 with 32 binary places.
  const auto place = static_cast<std::uint64_t>(static_cast<UnsignedWide>(draw) * kAll_ppm >> 32U);
  const std::uint64_t into = place - (static_cast<std::uint64_t>(low.share_ppm) << 32U);
  const std::uint64_t width = static_cast<std::uint64_t>(high.share_ppm - low.share_ppm) << 32U;
  return low.value_us +
         static_cast<std::uint64_t>(static_cast<UnsignedWide>(high.value_us - low.value_us) * into / width);
}

}  // namespace

Distribution Distribution::constant(std::uint64_t value_us) {
  Distribution made;
  made.first_us_ = value_us;
  return made;
}

Distribution Distribution::uniform(std::uint64_t least_us, std::uint64_t most_us) {
  Distribution made;
  made.shape_ = Shape::uniform;
  made.first_us_ = least_us;
  made.second_us_ = most_us;
  return made;
}

Distribution Distribution::exponential(std::uint64_t mean_us) {
  Distribution made;
  made.shape_ = Shape::exponential;
  made.first_us_ = mean_us;
  return made;
}

Distribution Distribution::log_normal(std::uint64_t median_us, std::uint64_t p90_us) {
  Distribution made;
  made.shape_ = Shape::log_normal;
  made.first_us_ = median_us;
  made.second_us_ = p90_us;
  made.sigma_ = fixed_quotient(log_of_ratio(p90_us, median_us), kNormalP90);
  return made;
}

Distribution Distribution::quantiles(std::vector<Quantile> points) {
  Distribution made;
  made.shape_ = Shape::quantiles;
  made.points_ = std::move(points);
  return made;
}

Distribution Distribution::samples(std::vector<std::uint64_t> values_us) {
  Distribution made;
  made.shape_ = Shape::samples;
  made.values_us_ = std::move(values_us);
  std::ranges::sort(made.values_us_);
  return made;
}

std::uint64_t Distribution::at(std::uint64_t draw) const {
  switch (shape_) {
    case Shape::constant:
      return first_us_;
    case Shape::uniform:
      return first_us_ + times(second_us_ - first_us_ + 1, draw);
    case Shape::exponential:
      return scaled(first_us_, -log_of_share(std::max<std::uint64_t>(~draw, 1)));
    case Shape::log_normal:
      return scaled(first_us_, sim::exponential(fixed_product(sigma_, normal_quantile(draw))));
    case Shape::quantiles: {
      const auto part = static_cast<std::uint32_t>(times(kAll_ppm, draw));
      const auto above = std::ranges::upper_bound(points_, part, {}, &Quantile::share_ppm);
      return between(*(above - 1), *above, draw);
    }
    case Shape::samples:
      return values_us_[times(values_us_.size(), draw)];
  }
  return 0;
}

std::uint64_t Distribution::mean_us() const {
  switch (shape_) {
    case Shape::constant:
    case Shape::exponential:
      return first_us_;
    case Shape::uniform:
      return first_us_ + (second_us_ - first_us_) / 2;
    case Shape::log_normal:
      return scaled(first_us_, sim::exponential(fixed_product(sigma_, sigma_) / 2));
    case Shape::quantiles: {
      UnsignedWide sum = 0;
      for (std::size_t i = 1; i < points_.size(); ++i)
        sum += static_cast<UnsignedWide>(points_[i].share_ppm - points_[i - 1].share_ppm) *
               (points_[i].value_us + points_[i - 1].value_us);
      return static_cast<std::uint64_t>(sum / (UnsignedWide{2} * kAll_ppm));
    }
    case Shape::samples: {
      UnsignedWide sum = 0;
      for (const std::uint64_t value : values_us_) sum += value;
      return static_cast<std::uint64_t>(sum / values_us_.size());
    }
  }
  return 0;
}

}  // namespace lockstorm::sim
