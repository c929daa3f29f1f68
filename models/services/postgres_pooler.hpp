// What becomes of a statement in two round trips that a pooler puts on two sessions.
#pragma once

#include "models/services/postgres.hpp"

namespace lockstorm::models {

/// What the client prepares and then binds; `none` if the request is a single round trip.
Postgres::Text bound_text(const Postgres::Request& request);

/// Binds the parameters of `request`, whose text is not the one that was last prepared on the session, and
/// executes what is there instead. The answer is the one that the client makes out.
sim::Effect<Postgres::Response> bind_other(Postgres::Value& value, sim::Who caller,
                                           const Postgres::Session& session, const Postgres::Request& request,
                                           Postgres::Text there);

}  // namespace lockstorm::models
