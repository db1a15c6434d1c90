#include "tests/support/smtp_sink.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

extern char** environ;

namespace aiguillage::test {
namespace {

namespace fs = std::filesystem;

std::string Contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

SmtpSink::SmtpSink(std::string folder, const std::vector<std::string>& arguments)
    : folder_(std::move(folder)) {
  int to_server[2], from_server[2];
  // Closed on exec, so that no other child keeps the server's input open.
  if (pipe2(to_server, O_CLOEXEC) != 0 || pipe2(from_server, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipe for the mail server");
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_server[0], 0);
  posix_spawn_file_actions_adddup2(&actions, from_server[1], 1);
  std::vector<std::string> words = {"/usr/bin/python3",
                                    AIGUILLAGE_SOURCE_DIR "/tests/support/smtp_sink.py", folder_};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int failed = posix_spawn(&process_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(to_server[0]);
  close(from_server[1]);
  input_ = to_server[1];
  FILE* answers = fdopen(from_server[0], "r");
  if (failed != 0 || answers == nullptr || fscanf(answers, "%d", &port_) != 1) {
    throw std::runtime_error(
        "the mail server of the tests did not start: is python3-aiosmtpd here?");
  }
  fclose(answers);
}

SmtpSink::~SmtpSink() { Stop(); }

void SmtpSink::Stop() {
  if (process_ < 0) return;
  close(input_);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

std::vector<ReceivedMail> SmtpSink::Mails() const {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() == ".eml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<ReceivedMail> mails;
  for (const fs::path& path : paths) {
    const auto facts = nlohmann::json::parse(Contents(fs::path(path).replace_extension(".json")));
    std::string text = Contents(path);
    std::erase(text, '\r');
    mails.push_back({facts.at("from"), facts.at("to").at(0), facts.at("hello"),
                     facts.at("connection"), facts.at("tls"), std::move(text)});
  }
  return mails;
}

}  // namespace aiguillage::test
