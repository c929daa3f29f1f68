#include "sim/limits.hpp"

namespace lockstorm::sim {

void throw_limit_exceeded(const char* what) { throw LimitExceeded(what); }
void throw_engine_error(const char* what) { throw EngineError(what); }

}  // namespace lockstorm::sim
