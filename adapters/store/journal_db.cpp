#include "adapters/store/journal_db.hpp"

#include "adapters/store/schema.hpp"
#include "core/escape.hpp"

#include <sqlite3.h>

namespace pj {

namespace {

constexpr int busy_ms = 2'000; ///< a reader may hold a lock for a moment

constexpr auto put_task_sql =
  "INSERT INTO task (id, inputs, spec, state, attempt, created, outcome) "
  "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
  "inputs = excluded.inputs, spec = excluded.spec, state = excluded.state, "
  "attempt = excluded.attempt, created = excluded.created, "
  "outcome = excluded.outcome";
constexpr auto put_step_sql =
  "INSERT INTO step (task, attempt, name, data) VALUES (?, ?, ?, ?) "
  "ON CONFLICT DO NOTHING";
constexpr auto put_event_sql =
  "INSERT INTO event (id, task, sequence, url, body, state, attempts, "
  "created, next, last_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
  "ON CONFLICT DO NOTHING";
constexpr auto update_event_sql =
  "UPDATE event SET state = ?2, attempts = ?3, next = ?4, last_error = ?5 "
  "WHERE id = ?1";
constexpr auto put_batch_sql =
  "INSERT INTO batch (name, data, created) VALUES (?, ?, ?) "
  "ON CONFLICT (name) DO UPDATE SET data = excluded.data";
constexpr auto task_columns =
  "SELECT id, inputs, spec, state, attempt, created, outcome FROM task ";

constexpr auto event_columns =
  "SELECT id, task, sequence, url, body, state, attempts, created, next, "
  "last_error FROM event ";

using microseconds = std::chrono::microseconds;

std::int64_t stored(wall_clock::time_point t) {
  return std::chrono::floor<microseconds>(t.time_since_epoch()).count();
}

wall_clock::time_point time_of(const SQLite::Column& column) {
  return wall_clock::time_point(microseconds(column.getInt64()));
}

int stored(delivery_state s) {
  return static_cast<int>(s);
}

/// What a newer program may have written counts as done with.
delivery_state state_of(const SQLite::Column& column) {
  const int n = column.getInt();
  return n >= 0 && n <= stored(delivery_state::given_up)
           ? static_cast<delivery_state>(n)
           : delivery_state::given_up;
}

task_row task_of(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), row.getColumn(1).getString(),
          row.getColumn(2).getString(), row.getColumn(3).getString(),
          row.getColumn(4).getInt(),    time_of(row.getColumn(5)),
          row.getColumn(6).getString()};
}

step_row step_of(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), row.getColumn(1).getInt(),
          row.getColumn(2).getString(), row.getColumn(3).getString()};
}

outbox_row event_of(SQLite::Statement& row) {
  return {row.getColumn(0).getString(), row.getColumn(1).getString(),
          row.getColumn(2).getInt64(),  row.getColumn(3).getString(),
          row.getColumn(4).getString(), state_of(row.getColumn(5)),
          row.getColumn(6).getInt(),    time_of(row.getColumn(7)),
          time_of(row.getColumn(8)),    row.getColumn(9).getString()};
}

/// In two steps: g++ 12 at -O2 takes the sum of short texts for a fault.
std::string query_of(std::string_view columns, std::string_view condition) {
  std::string out(columns);
  out += condition;
  return out;
}

template <class Row, class Read>
std::vector<Row> all_rows(SQLite::Statement& query, Read read) {
  std::vector<Row> out;
  while (query.executeStep())
    out.push_back(read(query));
  return out;
}

/// Binds from ?1 on and runs; the number of rows changed.
template <class... Values>
int run(SQLite::Statement& statement, const Values&... values) {
  statement.tryReset();
  int at = 0;
  (statement.bind(++at, values), ...);
  return statement.exec();
}

/// What to tell a person about a result code of SQLite, and whether the same
/// request may succeed later.
struct explanation {
  failure_class kind;
  std::string_view text;
};

explanation explanation_of(int code) {
  switch (code) {
  case SQLITE_FULL:
    return {failure_class::retry, "the disk is full: free some space"};
  case SQLITE_IOERR:
    return {failure_class::retry, "the disk cannot be read or written"};
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return {failure_class::retry, "another program keeps it locked"};
  case SQLITE_NOMEM:
    return {failure_class::retry, "out of memory"};
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return {failure_class::fail,
            "it cannot be written: look at its rights, and whether the file "
            "system is read-only"};
  case SQLITE_CANTOPEN:
    return {failure_class::fail,
            "it cannot be opened: look whether it is there and at its rights"};
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return {failure_class::fail,
            "it is damaged: move it away to begin a new one"};
  default:
    return {failure_class::fail, ""};
  }
}

SQLite::Database opened(const std::string& path, journal_db::access how) {
  const bool write = how == journal_db::access::write;
  SQLite::Database db(
    path, write ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY, busy_ms);
  if (!write) {
    require_journal(db);
    return db;
  }
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = FULL");
  db.exec("PRAGMA journal_size_limit = 67108864");
  migrate_journal(db);
  return db;
}

} // namespace

journal_db::journal_db(const std::filesystem::path& path, access how)
  : db_(opened(path.string(), how)), put_task_(db_, put_task_sql),
    put_step_(db_, put_step_sql), put_event_(db_, put_event_sql),
    update_event_(db_, update_event_sql) {}

void journal_db::begin() {
  db_.exec("BEGIN IMMEDIATE");
}

void journal_db::commit() {
  db_.exec("COMMIT");
}

void journal_db::roll_back() noexcept {
  for (auto* s : {&put_task_, &put_step_, &put_event_, &update_event_})
    s->tryReset();
  db_.tryExec("ROLLBACK");
}

void journal_db::apply(const std::vector<store_write>& rows) {
  for (const auto& row : rows)
    std::visit([this](const auto& r) { put(r); }, row);
}

void journal_db::put(const task_row& r) {
  run(put_task_, r.id, r.inputs, r.spec, r.state, r.attempt, stored(r.created),
      r.outcome);
}

void journal_db::put(const step_row& r) {
  run(put_step_, r.task, r.attempt, r.name, r.data);
}

void journal_db::put(const outbox_row& r) {
  run(put_event_, r.id, r.task, r.sequence, r.url, r.body, stored(r.state),
      r.attempts, stored(r.created), stored(r.next), r.last_error);
}

void journal_db::put(const outbox_update& r) {
  const int changed = run(update_event_, r.id, stored(r.state), r.attempts,
                          stored(r.next), r.last_error);
  if (changed == 0)
    throw SQLite::Exception("no event " + escaped(r.id) + " in the outbox",
                            SQLITE_CONSTRAINT);
}

void journal_db::put(const batch_row& r) {
  SQLite::Statement statement(db_, put_batch_sql);
  run(statement, r.name, r.data, stored(r.created));
}

task_history journal_db::load(const std::string& task) {
  task_history out;
  SQLite::Statement row(db_, query_of(task_columns, "WHERE id = ?"));
  row.bind(1, task);
  if (!row.executeStep())
    return out;
  out.task = task_of(row);
  SQLite::Statement steps(db_, "SELECT task, attempt, name, data FROM step "
                               "WHERE task = ? AND attempt = ? "
                               "ORDER BY number");
  steps.bind(1, task);
  steps.bind(2, out.task->attempt);
  out.steps = all_rows<step_row>(steps, step_of);
  return out;
}

std::vector<task_row> journal_db::tasks() {
  SQLite::Statement query(db_, query_of(task_columns, "ORDER BY number"));
  return all_rows<task_row>(query, task_of);
}

std::optional<batch_row> journal_db::batch() {
  if (!db_.tableExists("batch")) // an older journal, opened to read
    return std::nullopt;
  SQLite::Statement row(db_, "SELECT name, data, created FROM batch");
  if (!row.executeStep())
    return std::nullopt;
  return batch_row{row.getColumn(0).getString(), row.getColumn(1).getString(),
                   time_of(row.getColumn(2))};
}

std::vector<outbox_row> journal_db::outbox() {
  SQLite::Statement query(
    db_, query_of(event_columns, "WHERE state = 0 ORDER BY task, sequence"));
  return all_rows<outbox_row>(query, event_of);
}

std::vector<outbox_row> journal_db::events() {
  SQLite::Statement query(db_,
                          query_of(event_columns, "ORDER BY task, sequence"));
  return all_rows<outbox_row>(query, event_of);
}

failure journal_failure(const std::string& path, const SQLite::Exception& e) {
  const auto [kind, text] = explanation_of(e.getErrorCode() & 0xff);
  const auto raw = escaped(e.what());
  return {kind,
          failure_code::journal,
          "journal " + escaped(path) + ": " +
            (text.empty() ? raw : std::string(text)),
          raw,
          {}};
}

} // namespace pj
