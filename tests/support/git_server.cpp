#include "tests/support/git_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>

extern char** environ;

namespace pj::test {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what);
}

int check(int got, const char* what) {
  if (got < 0)
    fail(std::string(what) + ": " + std::strerror(errno));
  return got;
}

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const auto& s : strings)
    out.push_back(const_cast<char*>(s.c_str()));
  out.push_back(nullptr);
  return out;
}

/// The environment of this process, without what steers git.
std::vector<std::string> clean_environment() {
  std::vector<std::string> out;
  for (char** e = environ; *e; ++e)
    if (!std::string_view(*e).starts_with("GIT_"))
      out.emplace_back(*e);
  out.insert(out.end(),
             {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
              "GIT_TERMINAL_PROMPT=0", "GIT_AUTHOR_NAME=A",
              "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=A",
              "GIT_COMMITTER_EMAIL=a@example.org"});
  return out;
}

/// An open file that nobody else sees, holding `content`.
int anonymous_file(std::string_view content) {
  char name[] = "/tmp/pj-run-XXXXXX";
  const int fd = check(::mkostemp(name, O_CLOEXEC), "mkostemp");
  ::unlink(name);
  for (auto rest = content; !rest.empty();)
    rest.remove_prefix(static_cast<std::size_t>(
      check(static_cast<int>(::write(
              fd, rest.data(), std::min<std::size_t>(rest.size(), 1u << 20))),
            "write")));
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

std::string content_of(int fd) {
  std::string out;
  ::lseek(fd, 0, SEEK_SET);
  char part[65536];
  for (ssize_t n; (n = ::read(fd, part, sizeof part)) > 0;)
    out.append(part, static_cast<std::size_t>(n));
  ::close(fd);
  return out;
}

pid_t spawn(const std::vector<std::string>& argv,
            const std::vector<std::string>& environment, int in, int out,
            int err) {
  const auto arguments = pointers(argv);
  const auto variables = pointers(environment);
  const pid_t child = check(::fork(), "fork");
  if (child != 0)
    return child;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM); // a crashed test leaves nothing behind
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  ::execvpe(arguments[0], arguments.data(), variables.data());
  ::_exit(127);
}

/// A socket that listens on a free port of 127.0.0.1.
int listen_anywhere() {
  const int fd =
    check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at), "bind");
  check(::listen(fd, 128), "listen");
  return fd;
}

int port_of(int listener) {
  sockaddr_in at{};
  socklen_t n = sizeof at;
  check(::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &n),
        "getsockname");
  return ntohs(at.sin_port);
}

void write_file(const fs::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary);
  out << content;
  if (!out.flush())
    fail("cannot write " + file.string());
}

std::string data_block(std::string_view bytes) {
  return "data " + std::to_string(bytes.size()) + "\n" + std::string(bytes) +
         "\n";
}

std::string as_import(const repo_file& file) {
  if (file.mode.empty())
    return "D " + file.path + "\n";
  if (file.mode == "160000")
    return "M 160000 " + file.content + " " + file.path + "\n";
  return "M " + file.mode + " inline " + file.path + "\n" +
         data_block(file.content);
}

} // namespace

scratch_folder::scratch_folder() {
  auto name = (fs::temp_directory_path() / "pj-test-XXXXXX").string();
  if (!::mkdtemp(name.data()))
    fail("mkdtemp");
  path_ = name;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string run(const std::vector<std::string>& argv, std::string_view input) {
  const int in = anonymous_file(input);
  const int out = anonymous_file({});
  const int err = anonymous_file({});
  const pid_t child = spawn(argv, clean_environment(), in, out, err);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ::close(in);
  const auto complaint = content_of(err);
  auto answer = content_of(out);
  if (status != 0)
    fail(argv[0] + " " + (argv.size() > 1 ? argv.back() : "") + ": " +
         complaint + answer);
  return answer;
}

std::string git_in(const fs::path& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"git", "-C", folder.string()});
  auto out = run(arguments);
  if (out.ends_with('\n'))
    out.pop_back();
  return out;
}

git_server::git_server(const options& how) {
  const int listener = listen_anywhere();
  const int port = port_of(listener);
  origin_ = (how.tls ? "https://localhost:" : "http://127.0.0.1:") +
            std::to_string(port);
  fs::create_directories(home_.path() / "repos");
  if (how.tls)
    make_certificates();
  write_configuration(how, port);
  start(listener);
}

git_server::~git_server() {
  stop();
}

void git_server::stop() {
  if (server_ <= 0)
    return;
  ::kill(server_, SIGTERM);
  ::waitpid(server_, nullptr, 0);
  server_ = -1;
}

void git_server::start(int listener) {
  const int log = check(::open((home_.path() / "server.log").c_str(),
                               O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600),
                        "open");
  // The socket is open before the server runs: whoever connects is served
  // once it does. The shell puts its own pid, which stays, where it belongs.
  const std::string hand_over = "exec 3<&0 </dev/null; LISTEN_PID=$$ "
                                "LISTEN_FDS=1 exec lighttpd -D -f \"$0\"";
  server_ = spawn({"sh", "-c", hand_over, (home_.path() / "conf").string()},
                  clean_environment(), listener, log, log);
  ::close(listener);
  ::close(log);
}

void git_server::make_certificates() const {
  const auto at = [this](const char* name) {
    return (home_.path() / name).string();
  };
  write_file(at("names"), "subjectAltName=DNS:localhost\n");
  const std::vector<std::string> key = {
    "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"};
  auto authority = std::vector<std::string>{
    "openssl",        "req",     "-x509",      "-days", "2",         "-subj",
    "/CN=throw-away", "-keyout", at("ca.key"), "-out",  at("ca.pem")};
  authority.insert(authority.end(), key.begin(), key.end());
  run(authority);
  auto request = std::vector<std::string>{
    "openssl",        "req",  "-subj",         "/CN=localhost", "-keyout",
    at("server.key"), "-out", at("server.csr")};
  request.insert(request.end(), key.begin(), key.end());
  run(request);
  run({"openssl", "x509", "-req", "-in", at("server.csr"), "-CA", at("ca.pem"),
       "-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2", "-extfile",
       at("names"), "-out", at("server.pem")});
}

void git_server::write_configuration(const options& how, int port) const {
  const auto home = home_.path().string();
  const auto backend = run({"git", "--exec-path"});
  std::string text = "server.modules = (\"mod_auth\", \"mod_authn_file\", "
                     "\"mod_alias\", \"mod_setenv\", \"mod_accesslog\", "
                     "\"mod_cgi\"" +
                     std::string(how.tls ? ", \"mod_openssl\")\n" : ")\n");
  text += "server.document-root = \"" + home + "\"\n";
  text +=
    "server.bind = \"127.0.0.1\"\nserver.port = " + std::to_string(port) + "\n";
  text += "server.systemd-socket-activation = \"enable\"\n";
  text += "server.errorlog = \"" + home + "/error.log\"\n";
  text += "accesslog.filename = \"" + home + "/access.log\"\n";
  text += "accesslog.format = \"%m %U%q %s\"\n";
  text += "alias.url = (\"/git\" => \"" +
          backend.substr(0, backend.find('\n')) + "/git-http-backend\")\n";
  text += "cgi.assign = (\"\" => \"\")\n";
  text += "setenv.set-environment = (\"GIT_PROJECT_ROOT\" => \"" + home +
          "/repos\", \"GIT_HTTP_EXPORT_ALL\" => \"1\", "
          "\"GIT_CONFIG_NOSYSTEM\" => \"1\", "
          "\"GIT_CONFIG_GLOBAL\" => \"/dev/null\")\n";
  if (!how.token.empty()) {
    write_file(home_.path() / "users", "x-access-token:" + how.token + "\n");
    text += "auth.backend = \"plain\"\nauth.backend.plain.userfile = \"" +
            home +
            "/users\"\nauth.require = (\"/git\" => (\"method\" => \"basic\", "
            "\"realm\" => \"git\", \"require\" => \"valid-user\"))\n";
  }
  if (how.tls)
    text += "ssl.engine = \"enable\"\nssl.pemfile = \"" + home +
            "/server.pem\"\nssl.privkey = \"" + home + "/server.key\"\n";
  write_file(home_.path() / "conf", text);
}

std::string git_server::url(std::string_view repository) const {
  return origin_ + "/git/" + std::string(repository) + ".git";
}

std::string git_server::file_url(std::string_view repository) const {
  return "file://" + folder(repository).string();
}

fs::path git_server::folder(std::string_view repository) const {
  return home_.path() / "repos" / (std::string(repository) + ".git");
}

fs::path git_server::ca_file() const {
  return home_.path() / "ca.pem";
}

void git_server::create(std::string_view repository) {
  const auto at = folder(repository);
  run({"git", "init", "-q", "--bare", "-b", "main", at.string()});
  git_in(at, {"config", "http.receivepack", "true"});
}

std::string git_server::commit(std::string_view repository,
                               std::string_view branch,
                               const std::vector<repo_file>& files,
                               std::string_view message) {
  const auto name = "refs/heads/" + std::string(branch);
  std::string text = "commit " + name +
                     "\ncommitter A <a@example.org> 1700000000 +0000\n" +
                     data_block(message);
  if (const auto before = tip(repository, branch); !before.empty())
    text += "from " + before + "\n";
  for (const auto& file : files)
    text += as_import(file);
  run({"git", "-C", folder(repository).string(), "fast-import", "--quiet",
       "--force"},
      text);
  return tip(repository, branch);
}

void git_server::set_update_hook(std::string_view repository,
                                 std::string_view script) {
  const auto file = folder(repository) / "hooks" / "update";
  fs::create_directories(file.parent_path());
  write_file(file, "#!/bin/sh\n" + std::string(script));
  fs::permissions(file, fs::perms::owner_all);
}

std::string git_server::tip(std::string_view repository,
                            std::string_view branch) const {
  return git_in(folder(repository), {"for-each-ref", "--format=%(objectname)",
                                     "refs/heads/" + std::string(branch)});
}

std::vector<std::string> git_server::end() {
  stop(); // the log is whole only then
  std::vector<std::string> out;
  std::ifstream in(home_.path() / "access.log");
  for (std::string line; std::getline(in, line);)
    out.push_back(line);
  return out;
}

} // namespace pj::test
