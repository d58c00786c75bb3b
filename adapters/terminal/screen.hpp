#pragma once
#include "adapters/terminal/style.hpp"
#include "core/escape.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pj {

/// What a person watches: finished lines, the model's text as it comes, and on
/// a terminal below them a view of some lines that is redrawn ten times a
/// second, in the terminal's width of the moment. Thread-safe. Nothing that
/// comes in can move the cursor or change colours.
class screen {
public:
  using clock = std::chrono::steady_clock;

  /// Gives the lines of a view. Called under a lock: must be quick and must not
  /// print.
  using view = std::function<std::vector<terminal_line>(terminal_size room)>;

  /// Writes to `fd`, usually standard error; does not own it.
  screen(int fd, terminal_facts facts);

  /// Removes the view.
  ~screen();

  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;

  /// A finished line, above the view; for `set_log_output`, too.
  void print(std::string_view line);

  /// What is below the lines from now on; empty: nothing. Only on a terminal.
  void show(view what);

  /// A view of one line: what is going on, e.g. "Asking the model..."; shown
  /// with a turning sign and the time since it began. Empty: nothing. Only on a
  /// terminal.
  void status(std::string text, clock::time_point since = clock::now());

  /// Text of the model as it streams, dimmed; only on a terminal.
  void stream(std::string_view piece);

  /// Ends the model's last line.
  void end_stream();

private:
  void tick();
  void draw();        ///< makes the view anew
  void clear();       ///< takes it away
  std::string away(); ///< the bytes that take it away
  std::string back(); ///< the bytes that put it back as it was

  const int fd_;
  const terminal_facts facts_;
  std::mutex guard_;
  std::condition_variable changed_;
  view view_;
  terminal_filter filter_;
  std::string image_;               ///< the view as last made
  std::vector<std::size_t> widths_; ///< of its lines, in columns
  bool drawn_ = false;              ///< it is on the terminal
  bool mid_line_ = false;           ///< the stream's last line is not finished
  bool stopping_ = false;
  std::thread ticker_; ///< only on a terminal
};

} // namespace pj
