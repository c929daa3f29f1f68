// How many threads there may be: what the user asks for, or as many as the system starts.
#pragma once

namespace lockstorm::cli {

/// Of `wanted` threads, the calling one among them, as many as can be running at the same time; 1 at the
/// least. One more, which shows progress, is left room for.
unsigned startable_threads(unsigned wanted);

}  // namespace lockstorm::cli
