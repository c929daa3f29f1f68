// A SQLite database as values: statements, transactions, and one kind of failure.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "scenarios/data/input_error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace lockstorm::cli {

/// The database does not do what it was asked for: no space left, damaged, not writable, locked for too long.
/// Ends the command.
struct DatabaseFailure {
  scenarios::InputError error;
};

/// One statement, prepared; parameters are bound in their order.
class Statement {
 public:
  Statement(Statement&&) noexcept = default;
  Statement& operator=(Statement&&) noexcept = default;

  Statement& bind(std::int64_t value);
  Statement& bind(double value);
  Statement& bind(std::string_view value);
  /// Whether there is a row (another row).
  bool step();
  /// To its end.
  void run();

  [[nodiscard]] std::int64_t whole(int column) const;
  [[nodiscard]] double number(int column) const;
  [[nodiscard]] std::string text(int column) const;

 private:
  friend class Database;
  struct Finalise {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3_stmt* statement, const std::string& file) : statement_(statement), file_(&file) {}
  void check(int code) const;

  std::unique_ptr<sqlite3_stmt, Finalise> statement_;
  const std::string* file_;
  int next_ = 1;
};

/// An open database. Not for two threads at once.
class Database {
 public:
  /// What is there, or where `create` an empty one. Others who write are waited for, a minute at most.
  Database(std::string file, bool create);

  [[nodiscard]] const std::string& file() const { return *file_; }
  /// Statements without results.
  void execute(const std::string& sql);
  [[nodiscard]] Statement prepare(std::string_view sql);
  /// Rows that the last statement has changed.
  [[nodiscard]] int changed() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<std::string> file_;  ///< statements refer to it
  std::unique_ptr<sqlite3, Close> database_;
};

/// All of it or nothing; begun as a writer, so that what it reads stays true until it ends.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool committed_ = false;
};

}  // namespace lockstorm::cli
