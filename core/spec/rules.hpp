#pragma once
#include <string>
#include <string_view>

namespace pj {

// What is wrong with a value that is not empty, as the end of a sentence
// ("use letters …"); empty when nothing is.

std::string_view task_id_complaint(std::string_view value);
std::string_view branch_complaint(std::string_view value);
std::string_view model_complaint(std::string_view value);
std::string_view author_complaint(std::string_view value);
std::string_view email_complaint(std::string_view value);
std::string_view repository_complaint(std::string_view value);
std::string_view label_complaint(std::string_view value);
std::string_view login_complaint(std::string_view value);
std::string_view team_complaint(std::string_view value);
std::string_view app_id_complaint(std::string_view value);
std::string_view number_complaint(std::string_view value);
std::string_view nothing_wrong(std::string_view value);

/// Many lines and tabs are fine here; other control characters are not.
std::string prompt_complaint(std::string_view value);

} // namespace pj
