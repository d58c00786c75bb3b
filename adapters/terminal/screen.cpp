#include "adapters/terminal/screen.hpp"

#include "adapters/files.hpp"
#include "adapters/terminal/progress.hpp"

namespace pj {

namespace {

constexpr std::chrono::milliseconds redraw{100};
constexpr std::string_view erase_line = "\r\x1b[K";

} // namespace

screen::screen(int fd, terminal_facts facts) : fd_(fd), facts_(facts) {
  if (facts_.is_terminal)
    ticker_ = std::thread([this] { tick(); });
}

screen::~screen() {
  {
    const std::lock_guard lock(guard_);
    stopping_ = true;
    clear();
    if (mid_line_)
      write_all(fd_, "\n");
    changed_.notify_all();
  }
  if (ticker_.joinable())
    ticker_.join();
}

void screen::print(std::string_view line) {
  const std::lock_guard lock(guard_);
  clear();
  std::string bytes = mid_line_ ? "\n" : "";
  mid_line_ = false;
  bytes += shown_line(escaped(line), facts_.colours);
  write_all(fd_, bytes += '\n');
  draw();
}

void screen::status(std::string text, clock::time_point since) {
  const std::lock_guard lock(guard_);
  clear();
  status_ = escaped(text);
  since_ = since;
  draw();
  changed_.notify_all();
}

// The status line makes way: text that comes in pieces has no place above it.
void screen::stream(std::string_view piece) {
  if (!facts_.is_terminal)
    return;
  const std::lock_guard lock(guard_);
  const auto text = filter_(piece);
  if (text.empty())
    return;
  clear();
  write_all(fd_, styled(text, style::dim, facts_.colours));
  mid_line_ = text.back() != '\n';
  draw();
}

void screen::end_stream() {
  const std::lock_guard lock(guard_);
  clear();
  const auto rest = filter_.finish();
  write_all(fd_, rest);
  if (mid_line_ || !rest.empty())
    write_all(fd_, "\n");
  mid_line_ = false;
  draw();
}

void screen::tick() {
  std::unique_lock lock(guard_);
  while (!stopping_) {
    if (status_.empty())
      changed_.wait(lock, [this] { return stopping_ || !status_.empty(); });
    else if (!changed_.wait_for(lock, redraw, [this] { return stopping_; }))
      draw();
  }
}

void screen::draw() {
  if (!facts_.is_terminal || status_.empty() || mid_line_ || stopping_)
    return;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
    clock::now() - since_);
  std::string bytes(erase_line);
  write_all(fd_, bytes += spinner_line(status_, elapsed, facts_.unicode,
                                       facts_.width - 1));
  drawn_ = true;
}

void screen::clear() {
  if (drawn_)
    write_all(fd_, erase_line);
  drawn_ = false;
}

} // namespace pj
