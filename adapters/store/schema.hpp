#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

namespace pj {

/// Brings the journal's tables to this program's version, in one transaction.
/// Throws `SQLite::Exception`; also when a newer program wrote the journal.
void migrate_journal(SQLite::Database& db);

/// Throws when the journal is not of this program's version.
void require_journal(SQLite::Database& db);

} // namespace pj
