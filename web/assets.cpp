#include "web/assets.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "storage/hash.h"

namespace aiguillage::web {

namespace {

const std::map<std::string, std::string>& Types() {
  static const std::map<std::string, std::string> types = {
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"}};
  return types;
}

constexpr const char* kFromNpm[] = {"bootstrap/dist/css/bootstrap.min.css",
                                    "chart.js/dist/chart.umd.min.js"};

}  // namespace

Assets::Assets(const std::string& folder, const std::string& npm_dir) {
  bool any = false;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.is_regular_file()) any = Add(entry.path().string()) || any;
  }
  if (!any) throw std::runtime_error("Expected style sheets in " + folder + ", but found none");
  for (const char* name : kFromNpm) {
    const std::string path = (npm_dir.empty() ? folder + "/node_modules" : npm_dir) + "/" + name;
    if (std::filesystem::exists(path) && Add(path)) continue;
    throw std::runtime_error("Expected " + path + ", but it is not there: npm ci in " + folder);
  }
}

bool Assets::Add(const std::string& path) {
  const std::filesystem::path file_path(path);
  const auto type = Types().find(file_path.extension().string());
  if (type == Types().end()) return false;
  std::ifstream file(file_path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  const std::string tag = storage::Sha256(bytes.str()).substr(0, 12);
  const std::string address = "/assets/" + file_path.stem().string() + "." + tag + type->first;
  addresses_[file_path.filename().string()] = address;
  by_path_[address] = {type->second, bytes.str(), "\"" + tag + "\""};
  return true;
}

const std::string& Assets::Address(const std::string& name) const {
  const auto found = addresses_.find(name);
  if (found == addresses_.end()) {
    throw std::runtime_error("Expected an asset named " + name + ", but there is none");
  }
  return found->second;
}

std::optional<Response> Assets::Serve(const Request& request) const {
  const auto found = by_path_.find(request.path);
  if (found == by_path_.end() || request.method != "GET") return std::nullopt;
  const bool known = request.Header("if-none-match") == found->second.tag;
  Response response = Html(known ? 304 : 200, known ? "" : found->second.bytes);
  response.type = found->second.type;
  response.Header("Cache-Control", "public, max-age=31536000, immutable");
  response.Header("ETag", found->second.tag);
  return response;
}

}  // namespace aiguillage::web
