#pragma once
#include "core/result.hpp"
#include "core/spec/task_spec.hpp"
#include "core/task/outcome.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// The names a template of a pull request may use, in the order people are
/// told them.
const std::vector<std::string_view>& body_placeholders();

/// Whether every `{{placeholder}}` of a pull request's template is known. The
/// failure (code `configuration`) names the line, the placeholder and what
/// there is.
result<done> check_body_template(std::string_view text);

/// The template with its placeholders filled in; values are not looked at for
/// placeholders again. `built_in` is what `{{body}}` stands for. Unknown
/// placeholders stay as they are.
std::string fill_body_template(std::string_view text, const task_spec& spec,
                               const task_outcome& outcome,
                               std::string_view built_in);

/// "- " lines, one per entry, at most 50.
std::string markdown_list(const std::vector<std::string>& lines);

/// One line per check.
std::vector<std::string> check_lines(const task_outcome& outcome);

} // namespace pj
