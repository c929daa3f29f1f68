#include "cli/campaign/sqlite.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace lockstorm::cli {
namespace {

constexpr int kWaitForOthersMs = 60'000;

std::string advice_for(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "make room; what was found so far is kept";
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
    case SQLITE_IOERR:
      return "the folder has to lie where locks of files work, for all machines that use it";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "begin the campaign anew in another folder; the parts that are done are in parts/";
    default:
      return "";
  }
}

[[noreturn]] void fail(const std::string& file, int code, const char* message) {
  throw DatabaseFailure{
      {{file, 0, 0}, fmt::format("the campaign's index: {}", message), "", advice_for(code)}};
}

}  // namespace

void Statement::Finalise::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void Statement::check(int code) const {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
    fail(*file_, code, sqlite3_errmsg(sqlite3_db_handle(statement_.get())));
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), next_++, value));
  return *this;
}

Statement& Statement::bind(double value) {
  check(sqlite3_bind_double(statement_.get(), next_++, value));
  return *this;
}

Statement& Statement::bind(std::string_view value) {
  check(sqlite3_bind_text64(statement_.get(), next_++, value.data(), value.size(),
                            SQLITE_TRANSIENT,  // NOLINT(performance-no-int-to-ptr): as SQLite defines it
                            SQLITE_UTF8));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  check(code);
  return code == SQLITE_ROW;
}

void Statement::run() {
  while (step()) continue;
}

std::int64_t Statement::whole(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::number(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::text(int column) const {
  const unsigned char* const text = sqlite3_column_text(statement_.get(), column);
  const int bytes = sqlite3_column_bytes(statement_.get(), column);
  return text == nullptr ? std::string()
                         : std::string(reinterpret_cast<const char*>(text), static_cast<std::size_t>(bytes));
}

Database::Database(std::string file, bool create) : file_(std::make_unique<std::string>(std::move(file))) {
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(file_->c_str(), &opened, flags, nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK)
    fail(*file_, code, opened == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(opened));
  sqlite3_busy_timeout(opened, kWaitForOthersMs);
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(*file_, code, sqlite3_errmsg(database_.get()));
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(database_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (code != SQLITE_OK) fail(*file_, code, sqlite3_errmsg(database_.get()));
  return {statement, *file_};
}

int Database::changed() const { return sqlite3_changes(database_.get()); }

void Transaction::commit() {
  database_.execute("COMMIT");
  committed_ = true;
}

Transaction::~Transaction() {
  if (committed_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const DatabaseFailure&) {
    return;  // it has been rolled back by what failed
  }
}

}  // namespace lockstorm::cli
