// Runs the files of a folder through a fuzz target, then mutations of them, the
// same ones each time. What libFuzzer does better, where there is no clang.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace {

namespace fs = std::filesystem;

constexpr int mutations = 20'000;
constexpr std::size_t longest = 2'000; ///< bytes of a mutated input
constexpr std::chrono::seconds at_most{10};

std::vector<std::string> read_all(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> out;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    out.emplace_back(std::istreambuf_iterator<char>(in),
                     std::istreambuf_iterator<char>());
  }
  return out;
}

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                         bytes.size());
}

/// Changes, drops or doubles a piece, or takes one from another input.
void mutate(std::string& bytes, const std::string& other,
            std::mt19937& random) {
  const auto at = random() % (bytes.size() + 1);
  const auto size = std::min<std::size_t>(random() % 40, bytes.size() - at);
  switch (random() % 4) {
  case 0:
    if (at < bytes.size())
      bytes[at] = static_cast<char>(random() % 256);
    break;
  case 1:
    bytes.erase(at, size);
    break;
  case 2:
    bytes.insert(at, bytes.substr(at, size));
    break;
  default:
    bytes.insert(at, other, random() % (other.size() + 1), random() % 80);
  }
  bytes.resize(std::min(bytes.size(), longest));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2 || !fs::is_directory(argv[1])) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  const auto seeds = read_all(argv[1]);
  for (const auto& bytes : seeds)
    run(bytes);
  std::mt19937 random(1);
  const auto end = std::chrono::steady_clock::now() + at_most;
  int done = 0;
  for (; !seeds.empty() && done < mutations; ++done) {
    if (std::chrono::steady_clock::now() > end)
      break;
    auto bytes = seeds[random() % seeds.size()];
    for (auto n = random() % 4 + 1; n > 0; --n)
      mutate(bytes, seeds[random() % seeds.size()], random);
    run(bytes);
  }
  std::printf("%zu inputs, %d mutations\n", seeds.size(), done);
  return seeds.empty() ? 1 : 0;
}
