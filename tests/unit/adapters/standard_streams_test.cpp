#include "adapters/standard_streams.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pj;

TEST_CASE("no file gets the number of a standard stream that was closed") {
  for (const int closed : {0, 1, 2}) {
    const auto child = ::fork();
    if (child == 0) {
      for (int fd = closed; fd <= 2; ++fd)
        ::close(fd);
      open_standard_streams();
      ::_exit(::open("/dev/null", O_RDONLY) > 2 ? 0 : 1);
    }
    REQUIRE(child > 0);
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
}
