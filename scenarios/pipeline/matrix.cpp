#include "scenarios/pipeline/matrix.hpp"

namespace lockstorm::scenarios::pipeline {
namespace {

constexpr std::size_t kMostLegs = 64;

void set_value(MatrixLeg& leg, const std::string& name, const Node& value) {
  const bool computed = value.is_scalar() && value.text.find("${{") != std::string::npos;
  if (computed) leg.values[name] = unknown_text("matrix." + name);
  if (value.is_scalar() && !computed) {
    leg.values[name] = {value.text};
    leg.name += (leg.name.empty() ? "" : ", ") + name + "=" + value.text;
  }
  for (const auto& [part, inner] : value.fields)
    if (inner.is_scalar()) set_value(leg, name + "." + part, inner);
}

std::vector<MatrixLeg> unknown_legs(const std::string& name) {
  return {{"one", {{name, unknown_text("matrix." + name)}}},
          {"another", {{name, unknown_text("another-matrix." + name)}}}};
}

// Nobody knows even the names of their values.
std::vector<MatrixLeg> computed_legs() {
  return {{"one", {{"*", {""}}}}, {"another", {{"*", {"another-"}}}}};
}

}  // namespace

std::vector<MatrixLeg> matrix_legs(const Node& matrix) {
  if (!matrix) return {MatrixLeg{}};
  std::vector<MatrixLeg> legs{MatrixLeg{}};
  if (matrix.is_scalar()) return computed_legs();
  bool has_dimension = false;
  for (const auto& [name, values] : matrix.fields) {
    if (name == "include" || name == "exclude") continue;
    has_dimension = true;
    std::vector<MatrixLeg> more;
    for (const MatrixLeg& leg : legs) {
      if (!values.is_list()) {
        for (MatrixLeg& unknown : unknown_legs(name)) {
          unknown.values.insert(leg.values.begin(), leg.values.end());
          if (more.size() < kMostLegs) more.push_back(std::move(unknown));
        }
        continue;
      }
      for (const Node& value : values.items) {
        if (more.size() >= kMostLegs) break;
        MatrixLeg with = leg;
        set_value(with, name, value);
        more.push_back(std::move(with));
      }
    }
    legs = std::move(more);
  }
  if (!has_dimension && matrix["include"].is_list()) legs.clear();
  for (const Node& extra : matrix["include"].items) {
    // One that fits a leg adds to it; any other is a leg of its own.
    bool fits = false;
    for (MatrixLeg& leg : legs) {
      bool agrees = has_dimension;
      bool shares = false;
      for (const auto& [name, value] : extra.fields) {
        const auto own = leg.values.find(name);
        if (own == leg.values.end() || !matrix.has(name)) continue;
        shares = true;
        agrees = agrees && own->second.text == value.scalar();
      }
      if (!agrees || !shares) continue;
      fits = true;
      for (const auto& [name, value] : extra.fields)
        if (!leg.values.contains(name)) set_value(leg, name, value);
    }
    if (fits || legs.size() >= kMostLegs) continue;
    MatrixLeg own;
    for (const auto& [name, value] : extra.fields) set_value(own, name, value);
    legs.push_back(std::move(own));
  }
  if (legs.empty()) return computed_legs();
  return legs;
}

}  // namespace lockstorm::scenarios::pipeline
