#pragma once
#include "actors/observer.hpp"
#include "messages/journal.hpp"
#include "messages/task.hpp"
#include "messages/webhook.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pj {

/// What one task writes down, in order. Each transaction costs a write to disk,
/// so rows go there together; an event goes out once it is there. Belongs to
/// one actor, the task, and is used only from it.
class task_ledger {
public:
  using listener = std::function<void()>;

  struct parts {
    std::string task;
    journal_actor journal;
    webhook_actor webhook;
    std::shared_ptr<observer> watch;

    /// The journal cannot take what was added, with every try used up; `why` is
    /// final. True: what waits goes on all the same, and the events go out.
    std::function<bool(failure why)> lost;
  };

  explicit task_ledger(task_actor::pointer self) : self_(self) {}

  /// Once, before anything else.
  void open(parts with) { with_ = std::move(with); }

  /// Puts in line; the next write takes it to disk.
  void add(store_write row);
  void add_event(outbox_row event);

  /// Writes soon; other rows may go with it.
  void write_soon();

  /// Writes now.
  void write_now();

  /// Calls `then` once all that was added is on disk.
  void flush(listener then);

  /// Nobody who waits now will be called.
  void forget_waiting() { ++life_; }

  void write_at(write_due x);

private:
  /// What goes to disk together, and what follows once it is there.
  struct portion {
    struct waiter {
      listener then;
      int life = 0;
    };
    std::vector<store_write> rows;
    std::vector<outbox_row> events;
    std::vector<waiter> waiting;
  };

  void write();
  void written(portion& what);
  void not_written(portion what, failure why);
  void go_on(portion& what);

  task_actor::pointer self_;
  parts with_;
  portion unwritten_;
  bool writing_ = false;    ///< or about to try again
  bool timer_runs_ = false; ///< for `write_soon`
  int tries_ = 0;
  int life_ = 0; ///< who waited in an earlier one is not called
};

} // namespace pj
