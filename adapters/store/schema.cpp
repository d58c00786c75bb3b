#include "adapters/store/schema.hpp"

#include <sqlite3.h>

#include <array>
#include <string>

namespace pj {

namespace {

// One entry per version; never changed once released, only added to. Times are
// microseconds since 1970. Rows are numbered in the order they were written.
constexpr std::array<const char*, 2> versions = {R"(
CREATE TABLE task (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  inputs TEXT NOT NULL,
  spec TEXT NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  created INTEGER NOT NULL,
  outcome TEXT NOT NULL
) STRICT;
CREATE INDEX task_by_state ON task (state);
CREATE TABLE step (
  number INTEGER PRIMARY KEY,
  task TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  name TEXT NOT NULL,
  data TEXT NOT NULL,
  UNIQUE (task, attempt, name)
) STRICT;
CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  task TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  url TEXT NOT NULL,
  body TEXT NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  created INTEGER NOT NULL,
  next INTEGER NOT NULL,
  last_error TEXT NOT NULL
) STRICT;
CREATE INDEX event_pending ON event (task, sequence) WHERE state = 0;
)",
                                                R"(
CREATE TABLE batch (
  name TEXT PRIMARY KEY,
  data TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
)"};

int version_of(SQLite::Database& db) {
  if (!db.tableExists("migration"))
    return 0;
  return db.execAndGet("SELECT coalesce(max(version), 0) FROM migration")
    .getInt();
}

void refuse_newer(int version) {
  if (version > static_cast<int>(versions.size()))
    throw SQLite::Exception(
      "a newer version of this program wrote it (layout " +
        std::to_string(version) + ")",
      SQLITE_MISMATCH);
}

} // namespace

void migrate_journal(SQLite::Database& db) {
  SQLite::Transaction all(db, SQLite::TransactionBehavior::IMMEDIATE);
  const auto version = version_of(db);
  refuse_newer(version);
  if (version == 0)
    db.exec("CREATE TABLE migration (version INTEGER PRIMARY KEY, "
            "applied INTEGER NOT NULL) STRICT");
  for (auto v = static_cast<std::size_t>(version); v < versions.size(); ++v) {
    db.exec(versions[v]);
    db.exec("INSERT INTO migration VALUES (" + std::to_string(v + 1) +
            ", CAST(strftime('%s', 'now') AS INTEGER) * 1000000)");
  }
  all.commit();
}

void require_journal(SQLite::Database& db) {
  const auto version = version_of(db);
  refuse_newer(version);
  if (version < 1)
    throw SQLite::Exception("it is no journal of this program",
                            SQLITE_MISMATCH);
}

} // namespace pj
