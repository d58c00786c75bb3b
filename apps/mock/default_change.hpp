#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace pj::doubles {

/// A file as the prompt shows it.
struct shown_file {
  std::string path;
  std::string content;
  bool whole = true; ///< false: only some of its lines
};

/// The blocks `<file path="…">` … `</file>` of a prompt, in order; a tag may
/// carry a number and more attributes. A later block of a path replaces the
/// earlier one.
std::vector<shown_file> files_of(std::string_view prompt);

/// What is asked: the last `<task>` block, or else the prompt without its
/// files.
std::string task_of(std::string_view prompt);

/// An answer whose edit really applies to what the prompt shows: one line more
/// in the file that the task names, or in the README, or a new file when
/// nothing fits. The same prompt gives the same answer.
std::string default_change(std::string_view prompt);

} // namespace pj::doubles
