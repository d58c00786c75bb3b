#pragma once
#include "adapters/terminal/style.hpp"
#include "core/escape.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace pj {

/// What a person watches: finished lines, the model's text as it comes, and on
/// a terminal one status line below that is redrawn ten times a second. Thread-
/// safe. Nothing that comes in can move the cursor or change colours.
class screen {
public:
  using clock = std::chrono::steady_clock;

  /// Writes to `fd`, usually standard error; does not own it.
  screen(int fd, terminal_facts facts);

  /// Removes the status line.
  ~screen();

  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;

  /// A finished line, above the status line; for `set_log_output`, too.
  void print(std::string_view line);

  /// What is going on, e.g. "Asking the model..."; shown with a turning sign
  /// and the time since it began. Empty: nothing. Only on a terminal.
  void status(std::string text, clock::time_point since = clock::now());

  /// Text of the model as it streams, dimmed; only on a terminal.
  void stream(std::string_view piece);

  /// Ends the model's last line.
  void end_stream();

private:
  void tick();
  void draw();  ///< the status line
  void clear(); ///< the status line

  const int fd_;
  const terminal_facts facts_;
  std::mutex guard_;
  std::condition_variable changed_;
  std::string status_;
  clock::time_point since_;
  terminal_filter filter_;
  bool drawn_ = false;    ///< a status line is on the terminal
  bool mid_line_ = false; ///< the stream's last line is not finished
  bool stopping_ = false;
  std::thread ticker_; ///< only on a terminal
};

} // namespace pj
