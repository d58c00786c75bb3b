#pragma once
#include "adapters/store/port.hpp"
#include "messages/protocol.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pj {

/// Write rows, all or none.
struct record_rows {
  std::vector<store_write> rows;
};

/// The rows are on disk.
struct recorded {};

struct recall_task {
  std::string task;
};

struct recalled_task {
  task_history history;
};

struct recall_outbox {};

struct recalled_outbox {
  std::vector<outbox_row> rows; ///< pending, by task and sequence
};

struct recall_tasks {};

struct recalled_tasks {
  std::vector<task_row> rows;
};

/// Private: the store finished operation `id`.
struct store_answered {
  std::uint64_t id = 0;
  std::shared_ptr<void> outcome; ///< a `result` of the operation's type
};

using journal_actor = caf::typed_actor<
  on<recorded, record_rows>,          // write rows, reply once on disk
  on<recalled_task, recall_task>,     // what is known about one task
  on<recalled_outbox, recall_outbox>, // events still to deliver
  on<recalled_tasks, recall_tasks>,   // one row per task
  on<void, store_answered>>;          // private: the store is done

} // namespace pj

PJ_LOCAL_MESSAGE(pj::record_rows)
PJ_LOCAL_MESSAGE(pj::recorded)
PJ_LOCAL_MESSAGE(pj::recall_task)
PJ_LOCAL_MESSAGE(pj::recalled_task)
PJ_LOCAL_MESSAGE(pj::recall_outbox)
PJ_LOCAL_MESSAGE(pj::recalled_outbox)
PJ_LOCAL_MESSAGE(pj::recall_tasks)
PJ_LOCAL_MESSAGE(pj::recalled_tasks)
PJ_LOCAL_MESSAGE(pj::store_answered)
