#include "core/batch/csv.hpp"

#include "core/batch/input.hpp"
#include "core/batch/repository_fields.hpp"
#include "core/batch/repository_files.hpp"
#include "core/spec/fields.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

namespace pj::batch {

namespace {

/// The names of the columns in their order; empty for those unknown.
std::vector<std::string> read_header(const std::vector<csv_field>& record,
                                     std::string_view file,
                                     problem_log& problems) {
  const auto& known = repository_keys();
  std::vector<std::string> out;
  for (const auto& field : record) {
    const place at{std::string(file), field.line, field.column};
    const auto name = lowered(trimmed(field.text));
    const bool is_known =
      std::find(known.begin(), known.end(), name) != known.end();
    const bool is_new = std::find(out.begin(), out.end(), name) == out.end();
    if (!is_known)
      problems.add(at, "",
                   in_quotes(name) +
                     ": no such column; there are url, "
                     "base, commit, github, prompt, branch, provider, "
                     "model and priority");
    else if (!is_new)
      problems.add(at, name, "this column is there twice: keep one");
    out.push_back(is_known && is_new ? name : "");
  }
  if (std::find(out.begin(), out.end(), "url") == out.end())
    problems.add({std::string(file), 1, 0}, "url",
                 "this column is missing: the first line names the columns, "
                 "like \"url,commit\"");
  return out;
}

repository read_record(const std::vector<csv_field>& record,
                       const std::vector<std::string>& columns,
                       std::string_view text, std::string_view file,
                       problem_log& problems) {
  const auto at = [file](const csv_field& field) {
    return place{std::string(file), field.line, field.column};
  };
  repository out;
  out.at = at(record[0]);
  if (record.size() != columns.size()) {
    problems.add(out.at, "",
                 "it has " + std::to_string(record.size()) +
                   " fields, the first line " + std::to_string(columns.size()) +
                   ": put quotes around values with commas");
    return out;
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto& field = record[i];
    const auto value = trimmed(field.text);
    if (!columns[i].empty() && !value.empty())
      take_field(
        out, columns[i],
        {std::string(value), at(field), columns[i], text, field.offset},
        problems);
    else if (columns[i] == "url")
      problems.add(at(field), "url", "it is empty: name the repository");
  }
  return out;
}

} // namespace

bool csv_reader::next(std::vector<csv_field>& record) {
  record.clear();
  while (at_ < text_.size() && at_line_end())
    end_line();
  if (at_ >= text_.size() || broken_)
    return false;
  record.push_back(field());
  while (!broken_ && at_ < text_.size() && !at_line_end()) {
    take(); // the comma
    record.push_back(field());
  }
  end_line();
  return !broken_;
}

csv_field csv_reader::begin() const {
  return {"", at_, line_, column_};
}

csv_field csv_reader::field() {
  const bool is_quoted = at_ < text_.size() && text_[at_] == '"';
  return is_quoted ? quoted_field() : plain_field();
}

csv_field csv_reader::plain_field() {
  auto out = begin();
  while (at_ < text_.size() && text_[at_] != ',' && !at_line_end())
    take();
  out.text = text_.substr(out.offset, at_ - out.offset);
  return out;
}

csv_field csv_reader::quoted_field() {
  auto out = begin();
  take();
  while (at_ < text_.size()) {
    const bool is_quote = text_[at_] == '"';
    const bool is_double = text_.substr(at_, 2) == "\"\"";
    if (is_double)
      take();
    if (is_quote && !is_double)
      break;
    out.text += text_[at_];
    take();
  }
  if (at_ >= text_.size()) {
    broken_ = true;
    problems_.add({std::string(file_), out.line, out.column}, "",
                  "a quote is opened and never closed");
    return out;
  }
  take(); // the closing quote
  if (at_ < text_.size() && text_[at_] != ',' && !at_line_end()) {
    problems_.add({std::string(file_), line_, column_}, "",
                  "text after a closing quote: put \"\" for a quote inside of "
                  "quotes");
    plain_field();
  }
  return out;
}

void csv_reader::take() {
  const bool is_break = text_[at_++] == '\n';
  line_ += is_break ? 1 : 0;
  column_ = is_break ? 1 : column_ + 1;
}

bool csv_reader::at_line_end() const {
  return text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void csv_reader::end_line() {
  if (at_ < text_.size() && text_[at_] == '\r')
    take();
  if (at_ < text_.size())
    take();
}

std::vector<repository> read_repository_csv(std::string_view text,
                                            std::string_view file,
                                            problem_log& problems) {
  std::vector<repository> out;
  const auto clean = readable(text, file, longest_repository_file, problems);
  if (!clean)
    return out;
  csv_reader reader(*clean, file, problems);
  std::vector<csv_field> record;
  if (!reader.next(record)) {
    if (problems.empty())
      problems.add({std::string(file), 0, 0}, "",
                   "it is empty: begin with the names of the columns");
    return out;
  }
  const auto columns = read_header(record, file, problems);
  while (reader.next(record)) {
    auto one = read_record(record, columns, *clean, file, problems);
    if (!one.url.empty())
      out.push_back(std::move(one));
  }
  return out;
}

} // namespace pj::batch
