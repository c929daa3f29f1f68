#include "wire/services/postgres_sql.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "wire/net/exchange.hpp"

namespace lockstorm::wire {
namespace {

using Kind = SqlCall::Kind;

// What names a statement in an error, and no more of it.
constexpr std::size_t kMostShownBytes = 200;
constexpr std::size_t kMostTokens = 200;

struct Token {
  enum class Kind : std::uint8_t { word, quoted, literal, number, parameter, sign };
  Kind kind = Kind::sign;
  std::string text{};  // of words in lower case, of quoted ones and literals without their quotes
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Tokens {
 public:
  explicit Tokens(std::string_view sql) : rest_(sql) {}

  /// Nothing: a quote has no end, or there are too many.
  std::optional<std::vector<Token>> read() {
    std::vector<Token> tokens;
    for (skip_blanks(); !rest_.empty(); skip_blanks()) {
      auto token = next();
      if (!token || tokens.size() == kMostTokens) return std::nullopt;
      tokens.push_back(*std::move(token));
    }
    while (!tokens.empty() && tokens.back().text == ";" && tokens.back().kind == Token::Kind::sign)
      tokens.pop_back();
    return tokens;
  }

 private:
  void skip_blanks() {
    while (true) {
      while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())) != 0)
        rest_.remove_prefix(1);
      if (!rest_.starts_with("--")) return;
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
  }

  std::optional<Token> next() {
    const char first = rest_.front();
    if (first == '\'' || first == '"')
      return quoted(first, first == '"' ? Token::Kind::quoted : Token::Kind::literal);
    if (is_digit(first)) return Token{Token::Kind::number, taken([](char c) { return is_digit(c); })};
    if (is_word(first) || first == '@') {
      const std::string sign = first == '@' ? taken_bytes(1) : "";
      return Token{Token::Kind::word, sign + in_lower_case(taken(is_word))};
    }
    if (first == '$' && rest_.size() > 1 && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      return Token{Token::Kind::parameter, taken([](char c) { return is_digit(c); })};
    }
    return Token{Token::Kind::sign, taken_bytes(rest_.starts_with("!=") ? 2 : 1)};
  }

  // A doubled quote stands for one.
  std::optional<Token> quoted(char quote, Token::Kind kind) {
    Token token{kind};
    for (rest_.remove_prefix(1); !rest_.empty(); rest_.remove_prefix(1)) {
      const bool is_quote = rest_.front() == quote;
      if (is_quote && !(rest_.size() > 1 && rest_[1] == quote)) {
        rest_.remove_prefix(1);
        return token;
      }
      if (is_quote) rest_.remove_prefix(1);
      token.text += rest_.front();
    }
    return std::nullopt;
  }

  template <class Predicate>
  std::string taken(Predicate predicate) {
    const auto end = std::ranges::find_if_not(rest_, predicate);
    return taken_bytes(static_cast<std::size_t>(end - rest_.begin()));
  }
  std::string taken_bytes(std::size_t bytes) {
    std::string text(rest_.substr(0, bytes));
    rest_.remove_prefix(bytes);
    return text;
  }

  std::string_view rest_;
};

// Beside plain words: @table is a name with or without a schema, @word any name, and @name, @data and @key
// are parameters, literals or numbers.
struct Pattern {
  Kind kind;
  std::string_view text;
};
constexpr std::array kPatterns{
    Pattern{Kind::count_schemata,
            "select count(1) from information_schema.schemata where schema_name = @name"},
    Pattern{Kind::create_schema, "create schema if not exists @table"},
    Pattern{Kind::create_sequence, "create sequence if not exists @table as bigint"},
    Pattern{Kind::create_table,
            "create table if not exists @table (id bigint not null default "
            "nextval('public.global_states_id_seq') primary key, name text unique, data text)"},
    Pattern{Kind::create_index, "create unique index if not exists @word on @table (name)"},
    Pattern{Kind::select_names, "select name from @table where name != 'default' order by name"},
    Pattern{Kind::select_data, "select data from @table where name = @name"},
    Pattern{Kind::try_locks,
            "select @word.id, pg_try_advisory_lock(@word.id), pg_try_advisory_lock(@key) from @table "
            "where @word.name = @name"},
    Pattern{Kind::try_lock, "select pg_try_advisory_lock(@key)"},
    Pattern{Kind::unlock, "select pg_advisory_unlock(@key)"},
    Pattern{Kind::upsert,
            "insert into @table (name, data) values (@name, @data) on conflict (name) do update set data = "
            "@data where @word.name = @name"},
    Pattern{Kind::remove, "delete from @table where name = @name"},
    Pattern{Kind::backend_pid, "select pg_backend_pid()"},
    Pattern{Kind::list_locks, "select pid, objid from pg_locks where locktype = 'advisory'"},
    Pattern{Kind::terminate_backend, "select pg_terminate_backend(@key)"},
};

struct TokenPattern {
  Kind kind;
  std::vector<Token> tokens;
};

const std::vector<TokenPattern>& patterns() {
  static const std::vector<TokenPattern> kTokens = [] {
    std::vector<TokenPattern> all;
    for (const Pattern& pattern : kPatterns)
      all.push_back({pattern.kind, Tokens(pattern.text).read().value_or(std::vector<Token>{})});
    return all;
  }();
  return kTokens;
}

class Match {
 public:
  explicit Match(const std::vector<Token>& tokens) : tokens_(tokens) {}

  std::optional<SqlCall> of(Kind kind, const std::vector<Token>& pattern) {
    call_ = {kind};
    at_ = 0;
    for (const Token& token : pattern) {
      if (!takes(token)) return std::nullopt;
    }
    if (at_ != tokens_.size()) return std::nullopt;
    return call_;
  }

 private:
  [[nodiscard]] bool is_name() const {
    return at_ < tokens_.size() &&
           (tokens_[at_].kind == Token::Kind::word || tokens_[at_].kind == Token::Kind::quoted);
  }
  [[nodiscard]] bool is_sign(std::string_view sign) const {
    return at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::sign && tokens_[at_].text == sign;
  }

  bool takes(const Token& wanted) {
    if (wanted.text == "@table") return takes_table();
    if (wanted.text == "@word") return is_name() && ++at_ > 0;
    if (wanted.text == "@name") return takes_value(call_.name);
    if (wanted.text == "@data") return takes_value(call_.data);
    if (wanted.text == "@key") return takes_value(call_.key);
    if (at_ == tokens_.size()) return false;
    const Token& token = tokens_[at_++];
    const bool is_named = wanted.kind == Token::Kind::word && token.kind == Token::Kind::quoted;
    return (token.kind == wanted.kind || is_named) && token.text == wanted.text;
  }

  bool takes_table() {
    if (!is_name()) return false;
    std::string name = tokens_[at_++].text;
    if (is_sign(".")) {
      ++at_;
      if (!is_name()) return false;
      name += "." + tokens_[at_++].text;
    }
    call_.table = std::move(name);
    return true;
  }

  // Where it stands twice, as in an upsert, it has to be the same.
  bool takes_value(SqlValue& value) {
    SqlValue read;
    const bool is_negative = is_sign("-");
    if (is_negative) ++at_;
    if (at_ == tokens_.size()) return false;
    const Token& token = tokens_[at_++];
    if (token.kind == Token::Kind::parameter) {
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), read.parameter);
      if (is_negative || read.parameter == 0 || read.parameter > kMostTokens) return false;
    } else if (token.kind == Token::Kind::number || (token.kind == Token::Kind::literal && !is_negative)) {
      read.text = (is_negative ? "-" : "") + token.text;
    } else {
      return false;
    }
    const bool is_first = value.parameter == 0 && value.text.empty();
    const bool is_same = value.parameter == read.parameter && value.text == read.text;
    value = std::move(read);
    return is_first || is_same;
  }

  const std::vector<Token>& tokens_;
  std::size_t at_ = 0;
  SqlCall call_;
};

std::string_view trimmed(std::string_view sql) {
  while (!sql.empty() && std::isspace(static_cast<unsigned char>(sql.front())) != 0) sql.remove_prefix(1);
  while (!sql.empty() && std::isspace(static_cast<unsigned char>(sql.back())) != 0) sql.remove_suffix(1);
  return sql;
}

std::vector<PgColumn> columns_of(Kind kind) {
  switch (kind) {
    case Kind::count_schemata:
      return {{"count", PgType::int8}};
    case Kind::select_names:
      return {{"name", PgType::text}};
    case Kind::select_data:
      return {{"data", PgType::text}};
    case Kind::try_locks:
      return {{"id", PgType::int8},
              {"pg_try_advisory_lock", PgType::boolean},
              {"pg_try_advisory_lock", PgType::boolean}};
    case Kind::try_lock:
      return {{"pg_try_advisory_lock", PgType::boolean}};
    case Kind::unlock:
      return {{"pg_advisory_unlock", PgType::boolean}};
    case Kind::backend_pid:
      return {{"pg_backend_pid", PgType::int4}};
    case Kind::list_locks:
      return {{"pid", PgType::int4}, {"objid", PgType::int8}};
    case Kind::terminate_backend:
      return {{"pg_terminate_backend", PgType::boolean}};
    default:
      return {};
  }
}

}  // namespace

std::expected<SqlCall, PgError> parse_sql(std::string_view sql) {
  if (const auto tokens = Tokens(sql).read()) {
    Match match(*tokens);
    for (const TokenPattern& pattern : patterns()) {
      if (auto call = match.of(pattern.kind, pattern.tokens)) {
        const bool has_schema =
            call->kind == Kind::create_schema || call->table.find('.') != std::string::npos;
        if (!call->table.empty() && !has_schema) call->table.insert(0, "public.");
        return *std::move(call);
      }
    }
  }
  const std::string_view shown = trimmed(sql).substr(0, kMostShownBytes);
  return std::unexpected(
      PgError{"0A000", "the modelled server does not know this statement: " + std::string(shown)});
}

PgDescription description_of(const SqlCall& call) {
  PgDescription description;
  const auto add = [&](const SqlValue& value, PgType type) {
    if (value.parameter == 0) return;
    if (description.parameters.size() < value.parameter)
      description.parameters.resize(value.parameter, PgType::text);
    description.parameters[value.parameter - 1] = type;
  };
  add(call.name, call.kind == Kind::count_schemata ? PgType::name : PgType::text);
  add(call.data, PgType::text);
  add(call.key, PgType::int8);
  description.columns = columns_of(call.kind);
  description.has_rows = !description.columns.empty();
  return description;
}

PgValue value_of(const SqlValue& value, const std::vector<PgValue>& parameters) {
  if (value.parameter == 0) return value.text;
  return value.parameter <= parameters.size() ? parameters[value.parameter - 1] : std::nullopt;
}

std::expected<std::int64_t, PgError> bigint_of(const SqlValue& value,
                                               const std::vector<PgValue>& parameters) {
  const std::string text = value_of(value, parameters).value_or("");
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return number;
  return std::unexpected(
      PgError{"22P02", "invalid input syntax for type bigint: \"" + text.substr(0, kMostShownBytes) + "\""});
}

std::string shown_sql(std::string_view sql) {
  const auto tokens = Tokens(sql).read();
  if (!tokens || tokens->empty()) return "";
  if (!parse_sql(sql)) return tokens->front().text + " ...";
  std::string shown;
  for (const Token& token : *tokens) {
    if (!shown.empty()) shown += ' ';
    switch (token.kind) {
      case Token::Kind::parameter:
        shown += "$" + token.text;
        break;
      case Token::Kind::quoted:
        shown += '"' + token.text + '"';
        break;
      case Token::Kind::literal:
        shown += "'...'";
        break;
      default:
        shown += token.text;
    }
  }
  return shown;
}

}  // namespace lockstorm::wire
