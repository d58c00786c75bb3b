#include "apps/pj/console.hpp"

#include "adapters/log.hpp"

#include <unistd.h>

namespace pj {

console::console(bool with_text)
  : screen_(STDERR_FILENO, look_at_terminal(STDERR_FILENO)),
    with_text_(with_text) {
  set_log_output([this](std::string_view line) { screen_.print(line); });
}

console::~console() {
  set_log_output({});
}

void console::stage(const std::string&, pj::stage, std::string_view what) {
  screen_.end_stream();
  log_line(log_level::info, what);
  screen_.status(std::string(what));
}

void console::text(const std::string&, std::string_view piece) {
  if (with_text_)
    screen_.stream(piece);
}

void console::note(const std::string&, log_kind kind, std::string_view line) {
  if (!is_urgent(kind))
    return;
  screen_.end_stream();
  log_line(log_level::warning, line);
}

void console::held(const std::string&, bool) {}

void console::wait_for(std::string what) {
  screen_.end_stream();
  screen_.status(std::move(what));
}

} // namespace pj
