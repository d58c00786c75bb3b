#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pj::doubles {

/// A program to run with a clean environment.
struct child {
  std::vector<std::string> argv; ///< argv[0] is looked up in PATH
  std::vector<std::pair<std::string, std::string>> environment;
  std::string_view input; ///< must live until `run` returns
};

/// Runs it to its end and blocks. `output` gets what it writes to standard
/// output as it comes; standard error is dropped. Gives the exit code, 128 +
/// signal, or 127 when it could not be started.
int run(const child& what, const std::function<void(std::string_view)>& output);

/// Runs a program and gives its standard output without the last newline;
/// `ok` says whether it ended with 0.
std::string output_of(const std::vector<std::string>& argv, bool& ok);

} // namespace pj::doubles
