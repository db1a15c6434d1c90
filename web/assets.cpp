#include "web/assets.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "web/secrets.h"

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

}  // namespace

Assets::Assets(const std::vector<std::string>& folders) {
  for (const auto& folder : folders) {
    bool any = false;
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
      const auto type = Types().find(entry.path().extension().string());
      if (!entry.is_regular_file() || type == Types().end()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::stringstream bytes;
      bytes << file.rdbuf();
      const std::string tag = Sha256Hex(bytes.str()).substr(0, 12);
      const std::string path = "/assets/" + entry.path().stem().string() + "." + tag + type->first;
      addresses_[entry.path().filename().string()] = path;
      by_path_[path] = {type->second, bytes.str(), "\"" + tag + "\""};
      any = true;
    }
    if (!any) throw std::runtime_error("Expected style sheets in " + folder + ", but found none");
  }
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
