#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// `{{ name }}` on one line.
struct placeholder {
  std::size_t from = 0;  ///< of the braces
  std::size_t to = 0;    ///< behind them
  std::string_view name; ///< trimmed
};

/// The first one at or behind `at`. `${{ … }}` is left to those it belongs to,
/// and `\{{` is text.
std::optional<placeholder> next_placeholder(std::string_view text,
                                            std::size_t at = 0);

/// What a name stands for; nothing for names that are not known.
using placeholder_value =
  std::function<std::optional<std::string>(std::string_view name)>;

/// The text with its placeholders filled in and `\{{` made `{{`. Values are
/// not looked at again; unknown names stay as they are.
std::string fill_placeholders(std::string_view text,
                              const placeholder_value& value);

/// Fills in some of them; the result is still a template for the others.
std::string fill_some_placeholders(std::string_view text,
                                   const placeholder_value& value);

/// "{{a}}, {{b}}".
std::string shown_placeholders(const std::vector<std::string_view>& names);

} // namespace pj
