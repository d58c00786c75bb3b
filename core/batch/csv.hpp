#pragma once
#include "core/batch/problem.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pj::batch {

/// A field of a CSV file.
struct csv_field {
  std::string text;       ///< without quotes
  std::size_t offset = 0; ///< of its first byte in the file
  int line = 0;
  int column = 0;
};

/// Reads the records of RFC 4180 one by one: fields between commas, quoted
/// ones with commas, line breaks and doubled quotes in them. Lines end with LF
/// or CRLF; blank ones are skipped.
class csv_reader {
public:
  csv_reader(std::string_view text, std::string_view file,
             problem_log& problems)
    : text_(text), file_(file), problems_(problems) {}

  /// False at the end, and after a quote that is never closed.
  bool next(std::vector<csv_field>& record);

private:
  csv_field field();
  csv_field plain_field();
  csv_field quoted_field();
  csv_field begin() const;
  void take();
  bool at_line_end() const;
  void end_line();

  std::string_view text_;
  std::string_view file_;
  problem_log& problems_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
  bool broken_ = false;
};

} // namespace pj::batch
