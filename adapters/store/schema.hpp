#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

namespace pj {

/// Brings the journal's tables to this program's version, in one transaction.
/// Throws `SQLite::Exception`; also when a newer program wrote the journal.
void migrate_journal(SQLite::Database& db);

/// Throws when a newer program wrote the journal, or another one. An older
/// layout is fine to read.
void require_journal(SQLite::Database& db);

} // namespace pj
