#pragma once
#include "core/result.hpp"
#include "core/spec/environment.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pj {

/// What is wrong with a value, as the end of a sentence ("use letters …");
/// empty when nothing is.
using complaint = std::string_view (*)(std::string_view value);

/// A value as problems show it: in quotes, escaped, clipped.
std::string in_quotes(std::string_view value);

/// What is wrong with a value that is to be one line of text; empty when
/// nothing is.
std::string line_complaint(std::string_view value, std::size_t max_bytes);

/// Takes settings one by one and collects what is wrong with them, one line
/// each. Never shows the value of a secret variable.
class fields {
public:
  explicit fields(const settings& from) : from_(from) {}

  /// Trimmed; empty when unset. Unchecked.
  std::string_view raw(std::string_view name) const;

  /// The value, or `otherwise` when unset. One line of valid UTF-8 without
  /// control characters, of at most `max_bytes`, and nothing `check` minds;
  /// else the problem is noted and `otherwise` taken.
  std::string text(std::string_view name, std::string_view otherwise,
                   std::size_t max_bytes, complaint check);

  /// "true", "yes", "1", "false", "no", "0" in any case; unset is false.
  bool flag(std::string_view name);

  /// The values between commas, each once and each as `text` takes it.
  std::vector<std::string> list(std::string_view name, complaint check);

  /// A plain decimal number from `least` to `most`, or `otherwise` when unset;
  /// else `why` is noted and `otherwise` taken.
  double number(std::string_view name, double otherwise, double least,
                double most, std::string_view why);

  /// An http or https URL without credentials; empty when unset.
  std::string url(std::string_view name);

  /// Like `url`, to put paths behind: without query and trailing '/'. http is
  /// only taken when the host is this machine or `secret`, the variable that
  /// would be sent there, is empty. A query is only taken when it is a name
  /// out of `query`, '=' and a plain value: it stays behind the paths.
  std::string base_url(std::string_view name, std::string_view secret,
                       std::string_view query = {});

  /// A token as a header takes it: printable ASCII without blanks.
  std::string secret(std::string_view name);

  /// Notes `NAME is "value": why`.
  void wrong(std::string_view name, std::string_view why);

  /// Notes `NAME is not set: cure`.
  void missing(std::string_view name, std::string_view cure);

  /// Notes a line as it stands.
  void problem(std::string line) { problems_.push_back(std::move(line)); }

  /// The name people gave the value by, e.g. "--repo".
  std::string label(std::string_view name) const;

  const std::vector<std::string>& problems() const { return problems_; }

  /// All problems as one failure, code `configuration`, a line each.
  failure failed() const;

private:
  const settings& from_;
  std::vector<std::string> problems_;
};

} // namespace pj
