#pragma once
#include "adapters/store/port.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <vector>

namespace pj {

/// The journal's tables. Not thread-safe. Everything throws
/// `SQLite::Exception`; `journal_failure` makes a failure of it.
class journal_db {
public:
  enum class access : std::uint8_t { write, read };

  /// Opens, and for writing makes and migrates, the journal.
  journal_db(const std::filesystem::path& path, access how);

  void begin();
  void commit();
  void roll_back() noexcept; ///< also when SQLite did so already

  /// Writes the rows inside the transaction that was begun.
  void apply(const std::vector<store_write>& rows);

  task_history load(const std::string& task);
  std::vector<task_row> tasks();
  std::optional<batch_row> batch();
  std::vector<outbox_row> outbox(); ///< pending ones
  std::vector<outbox_row> events(); ///< all of them

private:
  void put(const task_row& row);
  void put(const step_row& row);
  void put(const outbox_row& row);
  void put(const outbox_update& row);
  void put(const batch_row& row);

  SQLite::Database db_;
  SQLite::Statement put_task_;
  SQLite::Statement put_step_;
  SQLite::Statement put_event_;
  SQLite::Statement update_event_;
};

/// The failure (code `journal`) that tells a person what went wrong and what to
/// do; class `retry` for what may pass, such as a full disk.
failure journal_failure(const std::string& path, const SQLite::Exception& e);

} // namespace pj
