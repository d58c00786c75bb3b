#include "adapters/terminal/screen.hpp"

#include "adapters/files.hpp"
#include "adapters/terminal/progress.hpp"
#include "core/width.hpp"

#include <algorithm>
#include <utility>

namespace pj {

namespace {

constexpr std::chrono::milliseconds redraw{100};
constexpr std::size_t usual_rows = 24;
constexpr std::string_view erase_line = "\r\x1b[K";

/// Rows that such lines take where so many columns are left: a terminal that
/// got narrower has broken them.
std::size_t rows_of(const std::vector<std::size_t>& widths,
                    std::size_t columns) {
  std::size_t out = 0;
  for (const auto width : widths)
    out += std::max<std::size_t>(1, (width + columns - 1) / columns);
  return out;
}

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
  auto bytes = away();
  if (std::exchange(mid_line_, false))
    bytes += '\n';
  bytes += shown_line(escaped(line), facts_.colours) + '\n';
  write_all(fd_, bytes + back());
}

void screen::show(view what) {
  const std::lock_guard lock(guard_);
  clear();
  view_ = std::move(what);
  draw();
  changed_.notify_all();
}

void screen::status(std::string text, clock::time_point since) {
  if (text.empty())
    return show({});
  show([text = escaped(text), since,
        unicode = facts_.unicode](terminal_size room) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      clock::now() - since);
    return std::vector<terminal_line>{
      {{spinner_line(text, elapsed, unicode, room.columns)}}};
  });
}

// The view makes way: text that comes in pieces has no place above it.
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
    if (!view_)
      changed_.wait(lock, [this] { return stopping_ || view_; });
    else if (!changed_.wait_for(lock, redraw, [this] { return stopping_; }))
      draw();
  }
}

void screen::draw() {
  if (!facts_.is_terminal || mid_line_ || stopping_)
    return;
  auto bytes = away();
  image_.clear();
  widths_.clear();
  if (view_) {
    // The last column stays free: some terminals go on to the next line there.
    auto room = size_of_terminal(fd_, {facts_.width, usual_rows});
    --room.columns;
    --room.rows;
    auto lines = view_(room);
    lines.resize(std::min(lines.size(), room.rows));
    for (const auto& line : lines) {
      image_ += widths_.empty() ? erase_line : "\n";
      image_ += shown_pieces(line, room.columns, facts_.colours);
      widths_.push_back(display_width(shown_pieces(line, room.columns, false)));
    }
  }
  write_all(fd_, bytes + back());
}

void screen::clear() {
  write_all(fd_, away());
}

std::string screen::away() {
  if (!std::exchange(drawn_, false))
    return {};
  const auto room = size_of_terminal(fd_, {facts_.width, usual_rows});
  const auto rows = rows_of(widths_, room.columns);
  std::string out(erase_line);
  if (rows > 1)
    out += "\x1b[" + std::to_string(rows - 1) + "A\x1b[J";
  return out;
}

std::string screen::back() {
  drawn_ = facts_.is_terminal && !mid_line_ && !stopping_ && !image_.empty();
  return drawn_ ? image_ : std::string{};
}

} // namespace pj
