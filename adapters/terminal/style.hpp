#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

enum class style : std::uint8_t { dim, bold, red, green, yellow, cyan };

/// What is known about where text goes.
struct terminal_facts {
  bool is_terminal = false;
  bool colours = false;   ///< sequences for styles are understood and wanted
  std::size_t width = 80; ///< columns
  bool unicode = true;    ///< the locale is a UTF-8 one
};

/// Looks at a file descriptor and at NO_COLOR, TERM, COLUMNS and the locale.
/// A terminal that calls itself "dumb" counts as none.
terminal_facts look_at_terminal(int fd);

struct terminal_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// What it is now; `otherwise` when the descriptor does not know.
terminal_size size_of_terminal(int fd, terminal_size otherwise);

/// A part of a line, and how it looks.
struct piece {
  std::string text;
  std::optional<style> how{};
};

using terminal_line = std::vector<piece>;

/// A line of pieces: control characters made harmless, what exceeds the columns
/// left out.
std::string shown_pieces(const terminal_line& line, std::size_t columns,
                         bool colours);

/// The text in this style, or as it is without colours.
std::string styled(std::string_view text, style how, bool colours);

/// A finished line of the log; with `colours` errors are red, warnings yellow.
std::string shown_line(std::string_view line, bool colours);

/// A unified diff for people: control characters made harmless, and with
/// `colours` added and removed lines and headers told apart.
std::string shown_diff(std::string_view diff, bool colours);

} // namespace pj
