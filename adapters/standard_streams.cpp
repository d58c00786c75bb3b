#include "adapters/standard_streams.hpp"

#include "adapters/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace pj {

void open_standard_streams() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0)
      ::open("/dev/null", O_RDWR); // the lowest number that is free: this one
}

void write_out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int with_output_written(int exit_code) {
  std::cout.flush();
  const bool flushed = std::fflush(stdout) == 0;
  if (flushed && std::cout && std::ferror(stdout) == 0)
    return exit_code;
  log_line(log_level::error,
           "standard output did not take the whole result: is the disk full, "
           "or its reader gone?");
  return exit_code == 0 ? 1 : exit_code;
}

} // namespace pj
