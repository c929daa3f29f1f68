// A search that is worth what it finds, and no more: where a world is too large for it, it has found nothing.
#pragma once

#include <new>

#include "sim/limits.hpp"

namespace lockstorm::scenarios {

/// What the search returns; an empty one of that kind where the world is too large for any.
template <class Search>
auto unless_too_large(const Search& search) -> decltype(search()) {
  using Found = decltype(search());
  try {
    return search();
  } catch (const sim::LimitExceeded&) {
    return Found();
  } catch (const sim::EngineError&) {
    return Found();  // what cannot be walked again tells nothing
  } catch (const std::bad_alloc&) {
    return Found();
  }
}

}  // namespace lockstorm::scenarios
