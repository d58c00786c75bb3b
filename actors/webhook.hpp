#pragma once
#include "actors/observer.hpp"
#include "adapters/http/port.hpp"
#include "core/policy/pace.hpp"
#include "core/policy/retry.hpp"
#include "messages/journal.hpp"
#include "messages/webhook.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// Makes the Standard Webhooks headers of one attempt: id, time and, when there
/// is a secret, the signature over exactly these bytes.
using event_headers = std::function<http_headers(
  const std::string& id, std::int64_t unix_seconds, const std::string& body)>;

/// Stands for the receiver's address in specs and outbox rows: the address
/// itself often holds a secret, so the journal does not.
inline constexpr std::string_view named_receiver = "WEBHOOK_URL";

struct webhook_config {
  std::string
    url; ///< of `named_receiver`; empty: its events stay in the outbox
  event_headers headers;
  delivery_schedule schedule;
  random_source random;
  std::function<wall_clock::time_point()> now;
  std::chrono::milliseconds timeout{10'000}; ///< of one attempt (CONTRACT)

  /// An event that failed and is older than this is given up, whatever the
  /// schedule says. 0: only the schedule ends.
  std::chrono::milliseconds max_age{0};
  std::size_t width = 64; ///< attempts at once

  /// Receivers other than `named_receiver` come from whoever wrote a spec; they
  /// may be internal addresses (loopback, private networks, …) only then.
  bool internal_receivers = false;
  std::shared_ptr<observer> watch;             ///< of the tasks; may be none
  std::function<void(const std::string&)> log; ///< may be empty
};

/// Delivers events from the outbox at least once, in order per task.
struct webhook_state {
  static inline const char* name = "webhook";
  explicit webhook_state(webhook_actor::pointer ptr) : self(ptr) {}
  ~webhook_state(); // answers what is pending

  webhook_actor::behavior_type behavior();
  void load();
  void ask_for_outbox();
  void loaded(std::vector<outbox_row> rows);
  void accept(outbox_row row);
  void line_up(outbox_row row);
  caf::result<drained_events> drain();
  void try_next(const std::string& task);
  void start_waiting();
  void attempt(const std::string& task);
  void settle(const event_answered& x);
  void close(const std::string& task, delivery_state how);
  void retry_later(const std::string& task, const result<http_response>& got);
  void record(const outbox_row& row);
  void write_down(std::vector<store_write> rows);
  void tell(const outbox_row& row, const std::string& became, bool urgent);
  void recorded_ends(const std::vector<store_write>& rows);
  void over();
  void answer_drains();

  /// An event with its times on a clock that does not jump: the wall clock is
  /// asked once, when the event comes in.
  struct entry {
    outbox_row row;
    steady_time created;
    steady_time due; ///< of the next attempt
  };

  /// The events of one task, first in line first.
  struct line {
    std::deque<entry> events;
    bool busy = false; ///< an attempt runs, waits for its turn or its time
  };

  entry timed(outbox_row row) const;

  webhook_actor::pointer self;
  webhook_config config;
  std::shared_ptr<http_port> http;
  journal_actor journal;
  std::size_t loading = 0;           ///< the journal's outbox is being read
  std::vector<outbox_row> early;     ///< arrived meanwhile
  std::map<std::string, line> lines; ///< by task; never empty ones
  std::deque<std::string> waiting;   ///< tasks whose attempt waits for a place
  std::size_t in_flight = 0;
  std::set<std::string> gone; ///< receivers that answered 410

  /// Receivers that said when to come back: nobody goes before.
  std::map<std::string, steady_time> resting;
  std::uint64_t given_up = 0;
  std::set<std::string> closed; ///< events that the outbox may not know it of
  std::vector<std::string> recorded_closed; ///< of these, since it is read
  std::vector<store_write> unrecorded;      ///< what became of events
  std::size_t recording = 0;                ///< requests to the journal
  std::vector<caf::typed_response_promise<drained_events>> drains;
};

webhook_actor::behavior_type
webhook_service(webhook_actor::stateful_pointer<webhook_state> self,
                std::shared_ptr<http_port> http, journal_actor journal,
                webhook_config config);

} // namespace pj
