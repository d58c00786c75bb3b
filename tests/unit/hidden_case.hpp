#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace pj::test {

/// Starts one hidden test case of this program in a process of its own: fresh,
/// single-threaded, with these variables as its whole environment, and what it
/// writes to standard output going to `output`. Gives the pid.
inline pid_t start_hidden_case(const char* name,
                               std::vector<std::string> variables, int output) {
  std::vector<char*> env;
  for (auto& v : variables)
    env.push_back(v.data());
  env.push_back(nullptr);
  const auto child = ::fork();
  if (child == 0) {
    ::dup2(output, STDOUT_FILENO);
    ::execle("/proc/self/exe", "tests", name, "-o", "/dev/null", nullptr,
             env.data());
    ::_exit(127);
  }
  return child;
}

/// Exit code of a child; -1 when a signal ended it.
inline int exit_code_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace pj::test
