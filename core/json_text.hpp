#pragma once
#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace pj {

// The only place where JSON is read and written as text: the library's parser
// and writer cost each file that uses them a second to compile.

/// The value of a JSON text, discarded (`is_discarded()`) when it is none;
/// access to a discarded value throws `nlohmann::json::exception`.
nlohmann::json parse_json(std::string_view text);

/// On one line, or with so many spaces a level. Bytes that are not UTF-8 become
/// U+FFFD.
std::string json_text(const nlohmann::json& value, int indent = -1);
std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

} // namespace pj
