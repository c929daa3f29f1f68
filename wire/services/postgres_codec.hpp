// Statements of PostgreSQL in the words of the models, and their results as the models tell them
// (backend-protocols.md 3.8, 4.7).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "wire/net/exchange.hpp"
#include "wire/services/contents.hpp"
#include "wire/services/model_server.hpp"

namespace lockstorm::wire {

/// What the models call a statement; `is_set_up`: nothing that it would create is missing. Or why it is none.
std::expected<RequestName, std::string> name_of_statement(const HttpRequest& request, bool is_set_up);
/// What the model's status of such an answer is: a lock that is refused is 409, no row is 404.
unsigned status_of_statement(const HttpRequest& request, const HttpAnswer& answer);
/// The model's words for what a lock or an unlock has answered: "t, f"; of other statements nothing.
std::string words_of_statement(const HttpRequest& request, const HttpAnswer& answer);
/// The first row, a tag or an error's code.
std::string rows_in_short(const HttpRequest& request, const HttpAnswer& answer);
/// The state in the row of a SELECT data.
std::optional<StateText> state_in_rows(const HttpRequest& request, const HttpAnswer& answer);
/// How a session is called where a lock's holder is.
std::string session_name(std::uint32_t session);
/// How a row is called among the places that a server keeps: "schema.table/name".
std::string row_name(const std::string& table, const std::string& name);

}  // namespace lockstorm::wire
