#pragma once
#include <string>
#include <string_view>

namespace pj {

/// Foreign text in HTML and XML, also within a quoted attribute: markup is
/// text, control characters, direction overrides and broken bytes come out as
/// `escaped` writes them.
std::string html(std::string_view text);

/// The same for text of several lines: line feeds and tabs pass.
std::string html_lines(std::string_view text);

/// A link to an address of foreign origin, in a quoted attribute. Empty unless
/// it is http or https and one plain word.
std::string html_address(std::string_view url);

} // namespace pj
